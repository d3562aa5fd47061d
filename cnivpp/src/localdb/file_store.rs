use std::path::Path;
use std::time::{Duration, Instant};

use super::{Entry, Error, Expect, RecordVersion, Result, Store};
use crate::files::{
    Access, Dir, Lock, LockKind, NAME_MAX, check_name, sha256_hex, sweep, write_atomic_through,
};

/// The suffix of the file names.
const SUFFIX: &str = ".json";

/// The folder of temporary files.
const TEMPORARY: &str = ".temporary";

/// The largest record, in bytes.
const LIMIT: usize = 1 << 20;

/// The maximum number of files in the folder.
const MAX_FILES: usize = 65_536;

/// The number of locks that the keys share. Lock files are never removed, so there is not one per
/// key.
const STRIPES: u8 = 16;

/// The default time that an operation waits for another process.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// A store with one file per record: `<key>.json`, mode 0600.
///
/// Each write is atomic. A record's version is the SHA-256 of its value, so equal values have equal
/// versions. Conditional changes of a key take a lock. Reads need no lock.
///
/// ```
/// use cnivpp::localdb::{Expect, FileStore, Store};
///
/// # fn main() -> cnivpp::localdb::Result<()> {
/// # let folder = tempfile::tempdir().unwrap();
/// # let folder = folder.path().join("data");
/// let store = FileStore::open(folder)?;
/// store.put("local-box1", b"{}", Expect::Absent)?;
/// assert!(store.put("local-box1", b"{}", Expect::Absent).unwrap_err().is_conflict());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct FileStore {
    dir: Dir,
    /// Temporary files, usually none.
    temporary: Dir,
    lock_timeout: Duration,
}

impl FileStore {
    /// Opens a folder as a store. Creates a missing folder with mode 0700, and removes temporary
    /// files of killed writers.
    ///
    /// # Errors
    /// When the folder cannot be opened or created.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let dir = Dir::create(path, Access::mode(0o700))?;
        let temporary = match dir.create_beneath(TEMPORARY, Access::mode(0o700)) {
            Ok(temporary) => {
                // Files that cannot be removed now are removed next time. No reader uses them.
                let _ = sweep(&temporary);
                temporary
            }
            // On a full or read-only disk, records can still be read. A write reports the reason.
            Err(_) => dir.duplicate()?,
        };
        Ok(Self {
            dir,
            temporary,
            lock_timeout: LOCK_TIMEOUT,
        })
    }

    /// Sets whether changes are synced to the disk before an operation returns; see
    /// [`Dir::durable`]. Default: no.
    #[must_use]
    pub fn durable(self, is_durable: bool) -> Self {
        let dir = self.dir.durable(is_durable);
        Self { dir, ..self }
    }

    /// Sets how long an operation waits for another process that changes the same key. Default:
    /// 10 s.
    #[must_use]
    pub fn lock_timeout(self, lock_timeout: Duration) -> Self {
        Self {
            lock_timeout,
            ..self
        }
    }

    /// Returns the folder.
    #[must_use]
    pub fn dir(&self) -> &Dir {
        &self.dir
    }

    fn lock(&self, key: &str) -> Result<Lock> {
        let hash = sha256_hex(&[key], 2);
        let stripe = u8::from_str_radix(&hash, 16).unwrap_or(0) % STRIPES;
        let name = format!(".store-{stripe}.lock");
        let deadline = Instant::now() + self.lock_timeout;
        let lock = Lock::acquire(&self.dir, &name, LockKind::Exclusive, deadline)?;
        Ok(lock)
    }

    /// Locks a key for a conditional change. An unconditional change needs no lock, because a
    /// rename is atomic.
    fn lock_for(&self, key: &str, expect: &Expect) -> Result<Option<Lock>> {
        match expect {
            Expect::Any => Ok(None),
            _ => self.lock(key).map(Some),
        }
    }

    fn read(&self, file: &str) -> Result<Option<Entry>> {
        match self.dir.read(file, LIMIT) {
            Ok(contents) => {
                let value = contents.bytes;
                let version = version(&value);
                Ok(Some(Entry { value, version }))
            }
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Checks that a record is as expected.
    fn check(&self, operation: &'static str, key: &str, file: &str, expect: &Expect) -> Result<()> {
        if *expect == Expect::Any {
            return Ok(());
        }
        let found = self.read(file)?.map(|it| it.version);
        if expect.is_met(found.as_ref()) {
            return Ok(());
        }
        Err(Error::conflict(operation, key, found.is_some()))
    }
}

impl Store for FileStore {
    fn put(&self, key: &str, value: &[u8], expect: Expect) -> Result<RecordVersion> {
        let file = file_name(key)?;
        if value.len() > LIMIT {
            return Err(Error::TooLarge {
                key: key.to_owned(),
                length: value.len(),
                limit: LIMIT,
            });
        }
        let _lock = self.lock_for(key, &expect)?;
        self.check("store", key, &file, &expect)?;
        let access = Access::mode(0o600);
        write_atomic_through(&self.temporary, &self.dir, &file, value, access)?;
        Ok(version(value))
    }

    fn get(&self, key: &str) -> Result<Option<Entry>> {
        self.read(&file_name(key)?)
    }

    fn list(&self, prefix: &str) -> Result<Vec<String>> {
        let names = self.dir.list(MAX_FILES)?;
        let keys = names.iter().filter_map(|it| it.strip_suffix(SUFFIX));
        let keys = keys.filter(|it| it.starts_with(prefix) && file_name(it).is_ok());
        Ok(keys.map(str::to_owned).collect())
    }

    fn delete(&self, key: &str, expect: Expect) -> Result<bool> {
        let file = file_name(key)?;
        let _lock = self.lock_for(key, &expect)?;
        self.check("delete", key, &file, &expect)?;
        let existed = self.dir.remove_file(&file)?;
        if existed {
            self.dir.sync()?;
        }
        Ok(existed)
    }
}

fn version(value: &[u8]) -> RecordVersion {
    RecordVersion::new(crate::files::sha256_hex_of_bytes(value))
}

/// Returns the file name of a key.
fn file_name(key: &str) -> Result<String> {
    let invalid = |why: String| {
        let key = key.to_owned();
        Err(Error::Key { key, why })
    };
    let file = format!("{key}{SUFFIX}");
    if key.is_empty() || key.starts_with('.') {
        return invalid("a key must not be empty or start with '.'".to_owned());
    }
    match check_name(&file) {
        Ok(()) => Ok(file),
        Err(_) if file.len() > NAME_MAX => {
            let most = NAME_MAX - SUFFIX.len();
            invalid(format!("a key has at most {most} bytes"))
        }
        Err(_) => invalid("a key must not contain '/' or NUL".to_owned()),
    }
}
