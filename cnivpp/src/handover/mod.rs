//! The files that describe the container's end of an interface to the program in the container.
//!
//! The layouts are those of the Go plugin, which readers such as app-netutil know. What these
//! layouts lack is in an object `vpp`, which other readers ignore.
//!
//! | files | written by | folder on the host |
//! |---|---|---|
//! | `remote-<cid12>-<ifname>.json`, `addData-<cid12>-<ifname>.json` | [`write_pair`] | one per container |
//! | `configData-<cid12>-<ifname>.json` | [`write_config_data`] | the shared folder |
//! | `local-<cid12>-<ifname>.json` | [`keep`], in the container | that of the pair |
//!
//! The container's program reads all of them with [`read`]. It copies a pair to its own record
//! with [`keep`], so that it finds the data when the container is restarted. DEL removes the files
//! with [`remove`].

mod annotations;
mod attachment;
mod convert;
mod ip_result;
mod layout;
mod name;
mod read;
mod write;

pub use annotations::{CONFIGURATION, MAPPED_DIR, read_annotations};
pub use attachment::{Address, Attachment, Interface, Route, RxMode, VhostMode, VhostUser};
pub use ip_result::{Ip, IpResult, IpRoute};
pub use layout::{
    AddData, BridgeConf, ConfigData, Extension, MemifConf, Remote, UserSpaceConf, VhostConf,
};
pub use name::{DEFAULT_DIR, DEFAULT_MAPPED_DIR, SHARED_DIR, socket_name};
pub use read::{FoundAttachment, Problem, ReadOutcome, Source, read};
pub use write::{Audience, keep, remove, write_config_data, write_pair};
