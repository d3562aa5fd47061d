use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::failure::{of_file, of_store};
use crate::attachment::{Id, Network, Record, State, Unreadable, Want};
use crate::cni::{Error, Result};
use crate::files::{Access, Dir, Lock, LockKind, sha256_hex};
use crate::localdb::{self, Expect, FileStore, Store, record_key, set_aside};

/// The number of locks that the attachments share. Lock files are never removed, so there is not
/// one per attachment.
const STRIPES: u8 = 64;

/// The records and locks of a node, and the keys of records to sweep.
///
/// Locks are taken in this order, which prevents deadlocks: the node, an attachment, a network.
#[derive(Debug)]
pub(super) struct Node {
    records: FileStore,
    /// Keys of records whose DEL did not finish. Usually empty, so that ADD finds them without
    /// reading every record.
    pending: FileStore,
    locks: Dir,
}

/// An existing record.
#[derive(Debug)]
pub(super) enum StoredRecord {
    /// It is valid.
    Valid(Box<Record>),
    /// It is unusable. The text describes it with the reason, and its new name if it was renamed.
    Unusable(String),
}

impl Node {
    /// Opens the state folder. Creates missing folders.
    pub(super) fn open(state_dir: &Path, is_durable: bool) -> Result<Self> {
        // Pods must reach the sockets and their folders inside it.
        Dir::create(state_dir, Access::mode(0o755)).map_err(of_file)?;
        let private = Access::mode(0o700);
        let records = FileStore::open(state_dir.join("data")).map_err(of_store)?;
        let pending = FileStore::open(state_dir.join("pending")).map_err(of_store)?;
        let locks = Dir::create(state_dir.join("locks"), private).map_err(of_file)?;
        Ok(Self {
            records: records.durable(is_durable),
            pending: pending.durable(is_durable),
            locks,
        })
    }

    /// Locks the node. A shared lock excludes GC; an exclusive one excludes all calls.
    pub(super) async fn lock(&self, kind: LockKind, deadline: Instant) -> Result<Lock> {
        self.acquire("node".to_owned(), kind, deadline).await
    }

    /// Locks an attachment.
    pub(super) async fn lock_attachment(&self, id: &Id, deadline: Instant) -> Result<Lock> {
        let name = stripe("attachment", &[&id.container_id, &id.if_name]);
        self.acquire(name, LockKind::Exclusive, deadline).await
    }

    /// Locks an attachment if its lock is free.
    pub(super) fn try_lock_attachment(&self, id: &Id) -> Result<Option<Lock>> {
        let name = stripe("attachment", &[&id.container_id, &id.if_name]);
        Lock::try_acquire(&self.locks, &name, LockKind::Exclusive).map_err(of_file)
    }

    /// Takes the lock of the agent, of which one runs per node.
    pub(super) fn try_lock_agent(&self) -> Result<Option<Lock>> {
        Lock::try_acquire(&self.locks, "agent", LockKind::Exclusive).map_err(of_file)
    }

    /// Locks what the attachment shares with others on this VPP: its bridge domain or gateway, and
    /// a socket whose name is in the configuration.
    pub(super) async fn lock_network(
        &self,
        want: &Want,
        vpp: &Path,
        deadline: Instant,
    ) -> Result<Vec<Lock>> {
        // Configurations may use different paths for one VPP.
        let vpp = vpp.canonicalize().unwrap_or_else(|_| vpp.to_owned());
        let vpp = vpp.to_string_lossy();
        let network = match &want.network {
            Network::None => None,
            Network::Bridge { id } => Some(stripe("bridge", &[&vpp, &id.to_string()])),
            Network::Layer3(layer3) => Some(stripe("table", &[&vpp, &layer3.table.to_string()])),
        };
        let socket = &want.socket;
        let socket = (!socket.is_own_name).then(|| stripe("socket", &[&vpp, &socket.vpp]));
        let mut locks = Vec::new();
        for name in network.into_iter().chain(socket) {
            locks.push(self.acquire(name, LockKind::Exclusive, deadline).await?);
        }
        Ok(locks)
    }

    async fn acquire(&self, name: String, kind: LockKind, deadline: Instant) -> Result<Lock> {
        let lock = Lock::acquire_async(&self.locks, &name, kind, deadline).await;
        lock.map_err(|error| {
            if error.is_locked() {
                let why = format!("another call holds the lock: {error}");
                return Error::try_again(why);
            }
            of_file(error)
        })
    }

    /// Reads the record of an attachment. Renames an unusable one.
    pub(super) fn record(&self, id: &Id) -> Result<Option<StoredRecord>> {
        self.read_key(&record_key(&id.container_id, &id.if_name))
    }

    fn read_key(&self, key: &str) -> Result<Option<StoredRecord>> {
        let Some(entry) = self.records.get(key).map_err(of_store)? else {
            return Ok(None);
        };
        Ok(Some(match Record::parse(&entry.value) {
            Ok(record) => StoredRecord::Valid(Box::new(record)),
            Err(why) => StoredRecord::Unusable(self.set_aside(key, &why)?),
        }))
    }

    fn set_aside(&self, key: &str, why: &Unreadable) -> Result<String> {
        let file = format!("{key}.json");
        let aside = set_aside(self.records.dir(), &file).map_err(of_file)?;
        let aside = aside.unwrap_or_default();
        let text = format!("the record {file} is unusable and was renamed to {aside}: {why}");
        tracing::warn!("{text}");
        Ok(text)
    }

    /// Stores a record.
    pub(super) fn store(&self, record: &Record) -> Result<()> {
        let Id {
            container_id,
            if_name,
        } = &record.id;
        let key = record_key(container_id, if_name);
        let bytes = record.to_bytes().map_err(|error| {
            Error::internal(format!("cannot write the record of {}: {error}", record.id))
        })?;
        if record.state == State::Deleting {
            self.pending.put(&key, b"", Expect::Any).map_err(of_store)?;
        }
        self.records
            .put(&key, &bytes, Expect::Any)
            .map_err(of_store)?;
        Ok(())
    }

    /// Deletes a record.
    pub(super) fn delete(&self, id: &Id) -> Result<()> {
        let key = record_key(&id.container_id, &id.if_name);
        // In this order, so that the record stays for the next DEL if the first operation fails.
        self.pending.delete(&key, Expect::Any).map_err(of_store)?;
        self.records.delete(&key, Expect::Any).map_err(of_store)?;
        Ok(())
    }

    /// Reads all records. Renames unusable ones.
    pub(super) fn all(&self) -> Result<Vec<StoredRecord>> {
        self.read_keys(self.records.list("local-").map_err(of_store)?)
    }

    /// Reads all records without renaming unusable ones.
    pub(super) fn all_read_only(&self) -> Result<Vec<StoredRecord>> {
        let keys = self.records.list("local-").map_err(of_store)?;
        let mut all = Vec::new();
        for key in keys.iter().filter(|it| localdb::is_record_key(it)) {
            let Some(entry) = self.records.get(key).map_err(of_store)? else {
                continue;
            };
            all.push(match Record::parse(&entry.value) {
                Ok(record) => StoredRecord::Valid(Box::new(record)),
                Err(why) => {
                    StoredRecord::Unusable(format!("the record {key}.json is unusable: {why}"))
                }
            });
        }
        Ok(all)
    }

    /// Reads all valid records.
    pub(super) fn valid(&self) -> Result<Vec<Record>> {
        let all = self.all_read_only()?.into_iter();
        Ok(all
            .filter_map(|it| match it {
                StoredRecord::Valid(record) => Some(*record),
                StoredRecord::Unusable(_) => None,
            })
            .collect())
    }

    /// Reads up to `limit` records whose DEL did not finish. Starts at a different one each time,
    /// because some may be impossible to remove.
    pub(super) fn pending(&self, limit: usize) -> Result<Vec<StoredRecord>> {
        let mut keys = self.pending.list("local-").map_err(of_store)?;
        if keys.len() > limit {
            let now = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default();
            let start = usize::try_from(now.subsec_nanos()).unwrap_or(0) % keys.len();
            keys.rotate_left(start);
            keys.truncate(limit);
        }
        self.read_keys(keys)
    }

    fn read_keys(&self, keys: Vec<String>) -> Result<Vec<StoredRecord>> {
        let ours = keys.iter().filter(|it| localdb::is_record_key(it));
        let found = ours
            .map(|it| self.read_key(it))
            .collect::<Result<Vec<_>>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Returns the name of a renamed unusable record, if one exists.
    pub(super) fn set_aside_file(&self) -> Result<Option<String>> {
        const MAX_FILES: usize = 65_536;
        let names = self.data().list(MAX_FILES).map_err(of_file)?;
        Ok(names.into_iter().find(|it| it.contains(".aside-")))
    }

    /// Removes pending keys without a record. The caller must hold the exclusive node lock.
    pub(super) fn remove_stale_pending(&self) -> Result<()> {
        for key in self.pending.list("local-").map_err(of_store)? {
            if self.records.get(&key).map_err(of_store)?.is_none() {
                self.pending.delete(&key, Expect::Any).map_err(of_store)?;
            }
        }
        Ok(())
    }

    /// Adds the records of earlier boots to the pending ones, once per boot.
    pub(super) fn mark_older_boots(&self, boot_id: &str) -> Result<()> {
        const KEY: &str = "boot";
        let known = self.pending.get(KEY).map_err(of_store)?;
        if known.is_some_and(|it| it.value == boot_id.as_bytes()) {
            return Ok(());
        }
        for record in self.valid()? {
            if record.boot_id != boot_id {
                let key = record_key(&record.id.container_id, &record.id.if_name);
                self.pending.put(&key, b"", Expect::Any).map_err(of_store)?;
            }
        }
        // Written last, so that the next call repeats the work if this one is killed.
        let bytes = boot_id.as_bytes();
        self.pending
            .put(KEY, bytes, Expect::Any)
            .map_err(of_store)?;
        Ok(())
    }

    /// Returns the folder of the records.
    pub(super) fn data(&self) -> &Dir {
        self.records.dir()
    }
}

fn stripe(what: &str, parts: &[&str]) -> String {
    let hash = sha256_hex(parts, 2);
    let stripe = u8::from_str_radix(&hash, 16).unwrap_or(0) % STRIPES;
    format!("{what}-{stripe}")
}
