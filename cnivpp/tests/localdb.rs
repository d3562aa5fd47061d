//! Tests of the record store, with files and with an implementation in memory.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "helpers of tests fail the test"
)]

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use cnivpp::localdb::{Entry, Error, Expect, FileStore, RecordVersion, Result, Store, set_aside};

/// A store in memory. Like etcd, it has one revision per change.
#[derive(Default)]
struct MemoryStore(Mutex<(u64, BTreeMap<String, Entry>)>);

impl MemoryStore {
    fn conflict(operation: &'static str, key: &str, exists: bool) -> Error {
        let key = key.to_owned();
        Error::Conflict {
            operation,
            key,
            exists,
        }
    }
}

impl Store for MemoryStore {
    fn put(&self, key: &str, value: &[u8], expect: Expect) -> Result<RecordVersion> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (revision, entries) = &mut *inner;
        let found = entries.get(key).map(|it| &it.version);
        if !expect.is_met(found) {
            return Err(Self::conflict("store", key, found.is_some()));
        }
        *revision += 1;
        let version = RecordVersion::new(revision.to_string());
        let entry = Entry {
            value: value.to_owned(),
            version: version.clone(),
        };
        entries.insert(key.to_owned(), entry);
        Ok(version)
    }

    fn get(&self, key: &str) -> Result<Option<Entry>> {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(inner.1.get(key).cloned())
    }

    fn list(&self, prefix: &str) -> Result<Vec<String>> {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = inner.1.keys().filter(|it| it.starts_with(prefix));
        Ok(keys.cloned().collect())
    }

    fn delete(&self, key: &str, expect: Expect) -> Result<bool> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = inner.1.get(key).map(|it| &it.version);
        if !expect.is_met(found) {
            return Err(Self::conflict("delete", key, found.is_some()));
        }
        Ok(inner.1.remove(key).is_some())
    }
}

/// Runs a test with each store.
fn on_each(test: impl Fn(&dyn Store)) {
    test(&MemoryStore::default());
    let folder = tempfile::tempdir().unwrap();
    test(&FileStore::open(folder.path().join("data")).expect("it opens"));
}

#[test]
fn a_record_is_created_changed_and_deleted() {
    on_each(|store| {
        assert_eq!(store.get("a").unwrap(), None);
        let one = store.put("a", b"1", Expect::Absent).unwrap();
        assert_eq!(store.get("a").unwrap().unwrap().value, b"1");
        assert_eq!(store.get("a").unwrap().unwrap().version, one);
        let two = store.put("a", b"2", Expect::Version(one)).unwrap();
        assert!(store.delete("a", Expect::Version(two)).unwrap());
        assert_eq!(store.get("a").unwrap(), None);
        assert!(!store.delete("a", Expect::Any).unwrap());
    });
}

#[test]
fn a_concurrent_change_is_not_overwritten() {
    on_each(|store| {
        let one = store.put("a", b"1", Expect::Absent).unwrap();
        let two = store.put("a", b"2", Expect::Any).unwrap();
        for error in [
            store.put("a", b"3", Expect::Absent).unwrap_err(),
            store
                .put("a", b"3", Expect::Version(one.clone()))
                .unwrap_err(),
            store.delete("a", Expect::Absent).unwrap_err(),
            store.delete("a", Expect::Version(one.clone())).unwrap_err(),
            store.put("b", b"3", Expect::Version(two)).unwrap_err(),
            store.delete("b", Expect::Version(one)).unwrap_err(),
        ] {
            assert!(error.is_conflict(), "{error}");
        }
        assert_eq!(store.get("a").unwrap().unwrap().value, b"2");
        assert_eq!(store.list("").unwrap(), ["a"]);
    });
}

#[test]
fn keys_are_listed_by_prefix() {
    on_each(|store| {
        for key in ["local-b", "local-a", "loc", "x"] {
            store.put(key, b"", Expect::Absent).unwrap();
        }
        assert_eq!(store.list("local-").unwrap(), ["local-a", "local-b"]);
        assert_eq!(store.list("").unwrap().len(), 4);
        assert!(store.list("y").unwrap().is_empty());
    });
}

#[test]
fn only_the_owner_can_access_records() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    let store = FileStore::open(&path).unwrap();
    store.put("key", b"{}", Expect::Absent).unwrap();
    let mode = |path: std::path::PathBuf| path.metadata().unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(path.join("key.json")), 0o600);
    assert_eq!(mode(path), 0o700);
}

#[test]
fn keys_that_are_not_file_names_are_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::open(folder.path()).unwrap();
    let longest = "k".repeat(250);
    let too_long = "k".repeat(251);
    for key in ["", ".", "..", "../x", "a/b", ".hidden", "a\0", &too_long] {
        let error = store.put(key, b"", Expect::Any).unwrap_err();
        assert!(matches!(error, Error::Key { .. }), "{key:?}: {error}");
        assert!(store.get(key).is_err(), "{key:?}");
        assert!(store.delete(key, Expect::Any).is_err(), "{key:?}");
    }
    store.put(&longest, b"", Expect::Any).unwrap();
    assert_eq!(store.list("k").unwrap(), [longest]);
}

#[test]
fn a_record_that_is_too_large_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::open(folder.path()).unwrap();
    let largest = vec![b' '; 1 << 20];
    store.put("a", &largest, Expect::Absent).unwrap();
    assert_eq!(store.get("a").unwrap().unwrap().value.len(), largest.len());
    let error = store
        .put("a", &vec![b' '; (1 << 20) + 1], Expect::Any)
        .unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
}

#[test]
fn a_record_that_is_set_aside_is_not_listed() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::open(folder.path()).unwrap();
    store.put("local-a", b"corrupt", Expect::Absent).unwrap();
    set_aside(store.dir(), "local-a.json").unwrap();
    assert!(store.list("").unwrap().is_empty());
    assert_eq!(store.get("local-a").unwrap(), None);
    store.put("local-a", b"new", Expect::Absent).unwrap();
    let aside = folder.path().join("local-a.json.aside-1");
    assert_eq!(std::fs::read(aside).unwrap(), b"corrupt");
}
