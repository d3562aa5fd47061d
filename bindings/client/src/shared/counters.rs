/// The counters of a client, summed over all its connections.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Requests queued.
    pub requests: u64,
    /// Replies and details received for waiting calls.
    pub replies: u64,
    /// Calls that timed out.
    pub timeouts: u64,
    /// Frames for a call that had timed out, was dropped, or was answered before.
    pub late_replies: u64,
    /// Frames that do not belong to any call of their connection.
    pub stray_frames: u64,
    /// Events received.
    pub events: u64,
    /// Events that a subscription lost because a limit was reached.
    pub events_lost: u64,
    /// Connections established.
    pub connects: u64,
    /// Bytes written to the socket.
    pub bytes_sent: u64,
    /// Bytes read from the socket.
    pub bytes_received: u64,
    /// Calls that are in flight now.
    pub in_flight: u64,
    /// Bytes of requests, answers and events that are buffered now; see
    /// [`Builder::memory_limit`](crate::Builder::memory_limit).
    pub memory: u64,
}
