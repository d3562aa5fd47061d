/// What a client records, for [`Builder::trace`](crate::Builder::trace).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceOptions {
    pub(super) messages: usize,
    pub(super) bytes: usize,
}

impl TraceOptions {
    /// The defaults: the last 1024 messages, at most 16 MiB.
    #[must_use]
    pub fn new() -> Self {
        Self {
            messages: 1024,
            bytes: 16 << 20,
        }
    }

    /// Sets how many messages are kept. Defaults to 1024, as VPP's ring.
    #[must_use]
    pub fn messages(mut self, messages: usize) -> Self {
        self.messages = messages;
        self
    }

    /// Sets how many bytes of payloads are kept. Defaults to 16 MiB.
    ///
    /// Older messages are dropped for newer ones. A larger message is not recorded, and counts
    /// as dropped.
    #[must_use]
    pub fn bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }
}

impl Default for TraceOptions {
    fn default() -> Self {
        Self::new()
    }
}
