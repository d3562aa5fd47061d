//! One attachment, which is an interface of a pod: its ID, desired state, record and steps.
//!
//! | type | content |
//! |---|---|
//! | [`Id`] | container ID and interface name; determines the tag and the MAC addresses |
//! | [`Want`] | the desired state, without numbers that VPP chooses |
//! | [`Record`] | what the node stores before anything is changed |
//! | [`plan`] | the steps of the [engine](crate::engine) for a [`Want`] |

mod id;
mod plan;
mod record;
mod want;

pub use id::{Id, TAG_PREFIX};
pub use plan::plan;
pub use record::{Handover, Ipam, Pod, Record, SCHEMA, State, Unreadable};
pub(crate) use want::rx_mode;
pub use want::{
    InvalidSocketPath, Layer3, MemifConfig, Needs, Network, Socket, SocketLink, SocketMode, Want,
    WantInterface, WantVhostUser,
};
