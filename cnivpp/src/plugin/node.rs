use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::attachment::{Id, Network, Record, State, Unreadable, Want};
use crate::cni::{Error, Result};
use crate::files::{self, Access, Dir, Lock, LockKind, sha256_hex};
use crate::localdb::{self, Expect, FileStore, Store, record_key, set_aside};

/// How many locks the attachments share. Lock files are never removed, so that there must not
/// be one per attachment.
const STRIPES: u8 = 64;

/// The node's state: records, locks, and which records are to be swept.
///
/// Locks are taken in this order: the node, an attachment, a network. So no two processes wait
/// for each other.
#[derive(Debug)]
pub(super) struct Node {
    records: FileStore,
    /// Keys of records that DEL could not finish. Usually empty, so that ADD can look for work
    /// without reading every record.
    pending: FileStore,
    locks: Dir,
}

/// A record that exists.
#[derive(Debug)]
pub(super) enum Found {
    /// It can be read.
    Record(Box<Record>),
    /// It could not be read, and was renamed; the text says to what and why.
    SetAside(String),
}

impl Node {
    /// Opens the state folder; missing folders are created.
    pub(super) fn open(state_dir: &Path, is_durable: bool) -> Result<Self> {
        // Sockets and the containers' folders are below it, which others must reach.
        Dir::create(state_dir, Access::mode(0o755)).map_err(file_failed)?;
        let private = Access::mode(0o700);
        let records = FileStore::open(state_dir.join("data")).map_err(failed)?;
        let pending = FileStore::open(state_dir.join("pending")).map_err(failed)?;
        let locks = Dir::create(state_dir.join("locks"), private).map_err(file_failed)?;
        Ok(Self {
            records: records.durable(is_durable),
            pending: pending.durable(is_durable),
            locks,
        })
    }

    /// Takes the node lock: shared excludes GC and restore, exclusive excludes every call.
    pub(super) async fn lock(&self, kind: LockKind, by: Instant) -> Result<Lock> {
        self.acquire("node".to_owned(), kind, by).await
    }

    /// Keeps other processes away from an attachment.
    pub(super) async fn lock_attachment(&self, id: &Id, by: Instant) -> Result<Lock> {
        let name = stripe("attachment", &[&id.container_id, &id.if_name]);
        self.acquire(name, LockKind::Exclusive, by).await
    }

    /// The same if no other process has it now.
    pub(super) fn try_lock_attachment(&self, id: &Id) -> Result<Option<Lock>> {
        let name = stripe("attachment", &[&id.container_id, &id.if_name]);
        Lock::try_acquire(&self.locks, &name, LockKind::Exclusive).map_err(file_failed)
    }

    /// Keeps other processes away from what the attachment shares with others on this VPP: its
    /// bridge domain or gateway, and a socket whose name the configuration chooses.
    pub(super) async fn lock_network(
        &self,
        want: &Want,
        vpp: &Path,
        by: Instant,
    ) -> Result<Vec<Lock>> {
        // One VPP may be configured under several paths.
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
            locks.push(self.acquire(name, LockKind::Exclusive, by).await?);
        }
        Ok(locks)
    }

    async fn acquire(&self, name: String, kind: LockKind, by: Instant) -> Result<Lock> {
        let lock = Lock::acquire_async(&self.locks, &name, kind, by).await;
        lock.map_err(|error| {
            if error.is_locked() {
                let why = format!("another call holds a lock for too long: {error}");
                return Error::try_again(why);
            }
            file_failed(error)
        })
    }

    /// The record of an attachment, if it exists.
    pub(super) fn record(&self, id: &Id) -> Result<Option<Found>> {
        self.by_key(&record_key(&id.container_id, &id.if_name))
    }

    fn by_key(&self, key: &str) -> Result<Option<Found>> {
        let Some(entry) = self.records.get(key).map_err(failed)? else {
            return Ok(None);
        };
        Ok(Some(match Record::parse(&entry.value) {
            Ok(record) => Found::Record(Box::new(record)),
            Err(why) => Found::SetAside(self.set_aside(key, &why)?),
        }))
    }

    fn set_aside(&self, key: &str, why: &Unreadable) -> Result<String> {
        let file = format!("{key}.json");
        let aside = set_aside(self.records.dir(), &file).map_err(file_failed)?;
        let aside = aside.unwrap_or_default();
        let text = format!("the record {file} cannot be used and is now {aside}: {why}");
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
            self.pending.put(&key, b"", Expect::Any).map_err(failed)?;
        }
        self.records
            .put(&key, &bytes, Expect::Any)
            .map_err(failed)?;
        Ok(())
    }

    /// Removes a record.
    pub(super) fn forget(&self, id: &Id) -> Result<()> {
        let key = record_key(&id.container_id, &id.if_name);
        // In this order, so that a failure leaves the record, which the next DEL finds.
        self.pending.delete(&key, Expect::Any).map_err(failed)?;
        self.records.delete(&key, Expect::Any).map_err(failed)?;
        Ok(())
    }

    /// All records. One that cannot be read is set aside and reported instead.
    pub(super) fn all(&self) -> Result<Vec<Found>> {
        self.of_keys(self.records.list("local-").map_err(failed)?)
    }

    /// The same without setting anything aside.
    pub(super) fn all_as_they_are(&self) -> Result<Vec<Found>> {
        let keys = self.records.list("local-").map_err(failed)?;
        let mut all = Vec::new();
        for key in keys.iter().filter(|it| localdb::is_record_key(it)) {
            let Some(entry) = self.records.get(key).map_err(failed)? else {
                continue;
            };
            all.push(match Record::parse(&entry.value) {
                Ok(record) => Found::Record(Box::new(record)),
                Err(why) => Found::SetAside(format!("the record {key}.json cannot be used: {why}")),
            });
        }
        Ok(all)
    }

    /// All records that can be read.
    pub(super) fn records(&self) -> Result<Vec<Record>> {
        let all = self.all_as_they_are()?.into_iter();
        Ok(all
            .filter_map(|it| match it {
                Found::Record(record) => Some(*record),
                Found::SetAside(_) => None,
            })
            .collect())
    }

    /// Some of the records that DEL could not finish, other ones each time: the first may be
    /// such that cannot be removed.
    pub(super) fn pending(&self, most: usize) -> Result<Vec<Found>> {
        let mut keys = self.pending.list("local-").map_err(failed)?;
        if keys.len() > most {
            let now = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default();
            let start = usize::try_from(now.subsec_nanos()).unwrap_or(0) % keys.len();
            keys.rotate_left(start);
            keys.truncate(most);
        }
        self.of_keys(keys)
    }

    fn of_keys(&self, keys: Vec<String>) -> Result<Vec<Found>> {
        let ours = keys.iter().filter(|it| localdb::is_record_key(it));
        let found = ours.map(|it| self.by_key(it)).collect::<Result<Vec<_>>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    /// The name of a record that was set aside, if there is one.
    pub(super) fn set_aside_file(&self) -> Result<Option<String>> {
        const MOST: usize = 65_536;
        let names = self.data().list(MOST).map_err(file_failed)?;
        Ok(names.into_iter().find(|it| it.contains(".aside-")))
    }

    /// Removes notes without a record. The caller has the node to itself.
    pub(super) fn clean_notes(&self) -> Result<()> {
        for key in self.pending.list("local-").map_err(failed)? {
            if self.records.get(&key).map_err(failed)?.is_none() {
                self.pending.delete(&key, Expect::Any).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Notes the records of earlier boots as pending, once per boot.
    pub(super) fn note_older_boots(&self, boot_id: &str) -> Result<()> {
        const KEY: &str = "boot";
        let known = self.pending.get(KEY).map_err(failed)?;
        if known.is_some_and(|it| it.value == boot_id.as_bytes()) {
            return Ok(());
        }
        for record in self.records()? {
            if record.boot_id != boot_id {
                let key = record_key(&record.id.container_id, &record.id.if_name);
                self.pending.put(&key, b"", Expect::Any).map_err(failed)?;
            }
        }
        // Last, so that a call that is killed before is repeated by the next one.
        let bytes = boot_id.as_bytes();
        self.pending.put(KEY, bytes, Expect::Any).map_err(failed)?;
        Ok(())
    }

    /// The folder of the records.
    pub(super) fn data(&self) -> &Dir {
        self.records.dir()
    }
}

fn stripe(what: &str, parts: &[&str]) -> String {
    let hash = sha256_hex(parts, 2);
    let stripe = u8::from_str_radix(&hash, 16).unwrap_or(0) % STRIPES;
    format!("{what}-{stripe}")
}

fn failed(error: localdb::Error) -> Error {
    Error::io(error.to_string())
}

pub(super) fn file_failed(error: files::Error) -> Error {
    Error::io(error.to_string())
}
