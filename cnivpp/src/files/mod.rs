//! Safe file operations: folders that a pod may write into, atomic writes, locks.
//!
//! The plugin runs as root and works in folders that containers can change at any time. Each
//! operation therefore starts at an open folder ([`Dir`]) and names one entry of it. No
//! operation follows a symbolic link below the trusted base, blocks on a FIFO, reads without a
//! limit, or removes recursively.
//!
//! | module | for |
//! |---|---|
//! | [`Dir`] | open folders; create, list, read, rename and remove entries |
//! | [`write_atomic`], [`sweep`] | replace a file as a whole; remove what killed writers left |
//! | [`socket`] | socket files: remove stale ones, set group and mode |
//! | [`Lock`] | locks between processes (flock) with a bounded wait |
//! | [`group_id`] | a group's number from its name, without NSS |
//! | [`Error`] | the operation, the path, the reason |

mod access;
mod atomic;
mod dir;
mod errno;
mod error;
mod group;
mod hash;
mod lock;
mod name;
pub mod socket;
mod sweep;

pub use access::{Access, Identity, Kind, Metadata};
pub use atomic::{write_atomic, write_atomic_through};
pub use dir::{Contents, Dir};
pub use errno::describe_errno;
pub use error::{Error, Reason, Result};
pub use group::{GROUP_FILE, group_id, group_id_from};
pub use hash::sha256_hex;
pub(crate) use hash::sha256_hex_of_bytes;
pub use lock::{Lock, LockKind};
pub use name::{NAME_MAX, check_name};
pub use sweep::sweep;
