//! Requests and their answers.

mod call;
mod deferred;
mod dump;
mod explain;
mod frames;
mod get;
mod in_flight;
mod opening;
mod pause;
mod ready;
mod slot;
mod span;
mod wheel;

pub use call::Call;
pub(crate) use call::read_reply;
pub use dump::DumpStream;
pub(crate) use explain::Explained;
pub use get::GetStream;
pub(crate) use in_flight::{InFlight, MAX_CALLS};
pub(crate) use opening::Sender;
pub(crate) use pause::Pause;
pub(crate) use ready::Ready;
pub(crate) use slot::{Expect, Failure, SlotState};
