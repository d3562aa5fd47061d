//! Safe file operations in folders that a pod may change, atomic writes, and locks.
//!
//! The plugin runs as root in folders that containers can change at any time. Each operation
//! therefore starts at an open folder ([`Dir`]) and names one entry of it. No operation follows a
//! symbolic link below the trusted base, blocks on a FIFO, reads without a limit, or removes
//! recursively.
//!
//! | item | what it does |
//! |---|---|
//! | [`Dir`] | opens folders; creates, lists, reads, renames and removes entries |
//! | [`write_atomic`], [`sweep`] | replaces a file; removes temporary files of killed writers |
//! | [`socket`] | removes stale socket files; sets their group and mode |
//! | [`Lock`] | locks between processes (flock) until a deadline |
//! | [`group_id`] | finds a group's ID by its name, without NSS |
//! | [`Error`] | names the operation, the path and the reason |

mod access;
mod atomic;
mod dir;
mod error;
mod group;
mod hash;
mod lock;
mod name;
pub mod socket;

pub use access::{Access, Identity, Kind, Metadata};
pub use atomic::{sweep, write_atomic, write_atomic_through};
pub use dir::{Contents, Dir};
pub use error::{Error, Reason, Result, describe_errno};
pub use group::{GROUP_FILE, group_id, group_id_from};
pub use hash::sha256_hex;
pub(crate) use hash::sha256_hex_of_bytes;
pub use lock::{Lock, LockKind};
pub use name::{NAME_MAX, check_name};
