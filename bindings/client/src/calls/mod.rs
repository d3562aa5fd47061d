//! Requests in flight, and the futures and streams that return their answers.

mod call;
mod delayed;
mod dump;
mod frames;
mod get;
mod handle;
mod pause;
mod pending;
mod ready;
mod sender;
mod span;
mod version;

pub use call::Call;
pub use dump::DumpStream;
pub use get::GetStream;
pub(crate) use handle::Handle;
pub(crate) use pause::Pause;
pub(crate) use ready::ReadyWait;
pub(crate) use sender::Sender;
pub(crate) use version::VersionLookup;
