//! Tests with concurrent processes.

use std::path::Path;
use std::time::{Duration, Instant};

use cnivpp::files::{Dir, Lock, LockKind};
use cnivpp::localdb::{Expect, FileStore, Store};

use crate::support::{child, folder};

const PROCESSES: usize = 32;
const ROUNDS: usize = 10;
const LOCK_TIMEOUT: Duration = Duration::from_secs(60);

/// Child role: increments a number in a file that a lock protects.
pub(crate) fn count(folder: &Path) {
    let dir = Dir::open(folder).unwrap();
    let path = folder.join("number");
    for _ in 0..ROUNDS {
        let deadline = Instant::now() + LOCK_TIMEOUT;
        let _lock = Lock::acquire(&dir, "lock", LockKind::Exclusive, deadline).unwrap();
        let number: usize = std::fs::read_to_string(&path).unwrap().parse().unwrap();
        std::fs::write(&path, (number + 1).to_string()).unwrap();
    }
}

/// Child role: increments a number in a record with compare-and-set.
pub(crate) fn add(folder: &Path) {
    let store = FileStore::open(folder).unwrap().lock_timeout(LOCK_TIMEOUT);
    for _ in 0..ROUNDS {
        loop {
            let entry = store.get("number").unwrap().unwrap();
            let number: usize = String::from_utf8(entry.value).unwrap().parse().unwrap();
            let value = (number + 1).to_string();
            match store.put("number", value.as_bytes(), Expect::Version(entry.version)) {
                Ok(_) => break,
                Err(error) => assert!(error.is_conflict(), "{error}"),
            }
        }
    }
}

/// Child role: creates a record if it does not exist.
pub(crate) fn create(folder: &Path) {
    let store = FileStore::open(folder).unwrap().lock_timeout(LOCK_TIMEOUT);
    let own = std::process::id().to_string();
    match store.put("once", own.as_bytes(), Expect::Absent) {
        Ok(_) => println!("created by {own}."),
        Err(error) => assert!(error.is_conflict(), "{error}"),
    }
}

/// Runs children of one role concurrently. Returns the output of each.
fn run_all(role: &str, folder: &Path) -> Vec<String> {
    let children: Vec<_> = (0..PROCESSES)
        .map(|_| child(role, folder).spawn().unwrap())
        .collect();
    let ended = children
        .into_iter()
        .map(|it| it.wait_with_output().unwrap());
    ended
        .map(|output| {
            assert!(output.status.success());
            String::from_utf8(output.stdout).unwrap()
        })
        .collect()
}

#[test]
fn a_lock_is_held_by_one_process_at_a_time() {
    let (folder, _) = folder();
    let number = folder.path().join("number");
    std::fs::write(&number, "0").unwrap();
    run_all("count", folder.path());
    let number: usize = std::fs::read_to_string(number).unwrap().parse().unwrap();
    assert_eq!(number, PROCESSES * ROUNDS);
}

#[test]
fn concurrent_changes_of_a_record_are_not_lost() {
    let (folder, dir) = folder();
    let store = FileStore::open(folder.path()).unwrap();
    store.put("number", b"0", Expect::Absent).unwrap();
    run_all("add", folder.path());
    let number = store.get("number").unwrap().unwrap().value;
    assert_eq!(
        String::from_utf8(number).unwrap(),
        (PROCESSES * ROUNDS).to_string()
    );
    let left = dir.list(100).unwrap();
    assert!(!left.iter().any(|it| it.contains("tmp")), "{left:?}");
}

#[test]
fn only_one_process_creates_a_record() {
    let (folder, _) = folder();
    let printed = run_all("create", folder.path());
    let created: Vec<_> = printed
        .iter()
        .filter(|it| it.contains("created by"))
        .collect();
    assert_eq!(created.len(), 1);
    let store = FileStore::open(folder.path()).unwrap();
    let owner = store.get("once").unwrap().unwrap().value;
    let owner = String::from_utf8(owner).unwrap();
    assert!(created[0].contains(&format!("created by {owner}.")));
}
