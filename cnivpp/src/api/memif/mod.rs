//! memif sockets and interfaces.

mod create;
mod interface;
mod name;
mod socket;

pub use create::{Create, create};
pub use interface::{Memif, Mode, Role, delete, dump};
pub use name::{MAX_FILE_NAME, validate_socket_name};
pub use socket::{
    Socket, add_socket, delete_socket, dump_sockets, is_absolute, is_same_file, resolve,
};

use vpp_bindings::memif as messages;

use super::infra::{AnyOf, key};

/// The messages that this module needs.
#[expect(deprecated, reason = "up to v23.02 VPP has only the first versions")]
pub const NEEDS: &[AnyOf] = &[
    &[
        key::<messages::MemifSocketFilenameAddDelV2>(),
        key::<messages::MemifSocketFilenameAddDel>(),
    ],
    &[
        key::<messages::MemifCreateV2>(),
        key::<messages::MemifCreate>(),
    ],
    &[key::<messages::MemifDelete>()],
    &[key::<messages::MemifDump>()],
    &[key::<messages::MemifDetails>()],
    &[key::<messages::MemifSocketFilenameDump>()],
    &[key::<messages::MemifSocketFilenameDetails>()],
];
