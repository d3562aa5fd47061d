//! The node's records: a key-value store with compare-and-set, and the identities of a boot and of
//! a network namespace.
//!
//! | item | what it is |
//! |---|---|
//! | [`Store`] | put, get, list, delete: operations that stores such as etcd have too |
//! | [`FileStore`] | the implementation, with one file per key |
//! | [`load_vpp_config`], [`save_vpp_config`] | records of the Go plugin |
//! | [`cid12`], [`record_key`] | names of files and records |
//! | [`boot_id`], [`NetnsId`] | whether the boot or the namespace is still the same |

mod aside;
mod error;
mod file_store;
mod go;
mod name;
mod node;
mod store;

pub use aside::set_aside;
pub use error::{Error, Result};
pub use file_store::FileStore;
pub use go::{Loaded, VppSavedData, load_vpp_config, remove_vpp_config, save_vpp_config};
pub use name::{cid12, is_record_key, record_key};
pub use node::{NetnsId, boot_id};
pub use store::{Entry, Expect, RecordVersion, Store};

/// The default folder of the node's records, which the Go plugin uses as well.
pub const DATA_DIR: &str = "/var/lib/cni/usrspcni/data";
