/// What a client has done since it was made, over all its connections.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Requests queued.
    pub requests: u64,
    /// Replies and details received for a call that waited for them.
    pub replies: u64,
    /// Calls that VPP did not answer in time.
    pub timeouts: u64,
    /// Frames for a call that was over: it had timed out, was dropped, or was answered before.
    pub late_replies: u64,
    /// Frames for no call that was ever made on this connection.
    pub stray_frames: u64,
    /// Events received.
    pub events: u64,
    /// Events that a subscription had no room for.
    pub events_lost: u64,
    /// Connections established.
    pub connects: u64,
    /// Bytes handed to the socket.
    pub bytes_sent: u64,
    /// Bytes read from the socket.
    pub bytes_received: u64,
    /// Calls in flight now.
    pub in_flight: u64,
    /// Bytes of requests, answers and events that wait now; see
    /// [`Builder::memory_limit`](crate::Builder::memory_limit).
    pub memory: u64,
}
