//! One attachment: a pod's interface, from what is wanted to the steps on VPP.
//!
//! | type | what it is |
//! |---|---|
//! | [`Id`] | container ID and interface name; the tag and MAC addresses that follow from them |
//! | [`Want`] | the resolved desired state, without any number that VPP chooses |
//! | [`Record`] | what is stored on the node before anything is changed |
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
    Layer3, MemifConfig, Needs, Network, NotAPath, Socket, SocketMode, Want, WantInterface,
    WantVhostUser,
};
