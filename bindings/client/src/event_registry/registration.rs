use super::request::EventRequest;
use crate::in_flight::CallId;

/// A registration with VPP for events.
pub(crate) struct Registration {
    pub(crate) request: EventRequest,
    /// The number in the field `pid`, which VPP copies into the events.
    pub(crate) pid: u32,
    pub(crate) status: Status,
    /// The message id of the events on this connection.
    pub(crate) event: Option<u16>,
    /// The subscribers, including those that have ended.
    pub(crate) members: Vec<usize>,
    /// Whether the events were turned off before this request.
    pub(crate) is_renewal: bool,
}

/// The progress of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Not requested on this connection.
    Idle,
    Requested(CallId),
    Active,
    /// VPP did not answer in time, so it may or may not send events.
    Unknown,
    Failed,
}
