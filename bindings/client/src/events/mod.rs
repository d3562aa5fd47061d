//! Events: what VPP is asked to send, and who receives it.

mod deliver;
mod queue;
mod registration;
mod registry;
mod request;
mod subscription;

pub(crate) use registry::Registry;
pub(crate) use request::EventRequest;
pub use subscription::{Notice, Subscription};
