//! The files that the program in the container reads: what its end of an interface must be.
//!
//! The layouts are those of the Go plugin, so that its users and readers such as app-netutil find
//! what they know. What these layouts lack is in an object `vpp`, which other readers ignore.
//!
//! | files | written | folder on the host |
//! |---|---|---|
//! | `remote-<cid12>-<ifname>.json`, `addData-<cid12>-<ifname>.json` | [`write_pair`] | one per container |
//! | `configData-<cid12>-<ifname>.json` | [`write_config_data`] | the shared folder |
//! | `local-<cid12>-<ifname>.json` | [`keep`], in the container | that of the pair |
//!
//! The container's program reads all of them with [`read`], stores what came as a pair in a
//! record of its own with [`keep`], and finds it there when the container is restarted. DEL
//! removes the files with [`remove`].

mod annotations;
mod attachment;
mod config_data;
mod convert;
mod ip_result;
mod keep;
mod layout;
mod name;
mod read;
mod remove;
mod write;

pub use annotations::read_annotations;
pub use attachment::{
    Address, Attachment, Interface, Memif, Mode, Role, Route, RxMode, VhostMode, VhostUser,
};
pub use config_data::ConfigData;
pub use ip_result::{Ip, IpResult, IpRoute};
pub use keep::keep;
pub use layout::{AddData, BridgeConf, Extension, MemifConf, Remote, UserSpaceConf, VhostConf};
pub use name::{DEFAULT_DIR, DEFAULT_MAPPED_DIR, SHARED_DIR, socket_name};
pub use read::{Found, Problem, Source, Sourced, read};
pub use remove::remove;
pub use write::{Audience, write_config_data, write_pair};
