//! The node's records: a key-value store with compare-and-set, and what identifies a node, a
//! network namespace and a VPP process.
//!
//! | item | for |
//! |---|---|
//! | [`Store`] | put, get, list, delete; a key-value store such as etcd has all of it |
//! | [`FileStore`] | the implementation: one file per key in a folder |
//! | [`load_vpp_config`], [`save_vpp_config`] | records of the Go plugin |
//! | [`cid12`], [`record_key`] | names of files and records |
//! | [`boot_id`], [`NetnsId`], [`VppIdentity`] | whether a node, namespace or VPP is still the same |

mod aside;
mod error;
mod file_store;
mod go;
mod name;
mod node;
mod store;
mod vpp;

pub use aside::set_aside;
pub use error::{Error, Result};
pub use file_store::FileStore;
pub use go::{Loaded, VppSavedData, load_vpp_config, remove_vpp_config, save_vpp_config};
pub use name::{cid12, is_record_key, record_key};
pub use node::{NetnsId, boot_id};
pub use store::{Entry, Expect, Store, Version};
pub use vpp::{ProcessId, SocketFile, VppIdentity, vpp_identity};

/// Where the node's records are, ours and those of the Go plugin.
pub const DATA_DIR: &str = "/var/lib/cni/usrspcni/data";
