/// What went wrong. Every [`Error`](crate::Error) has exactly one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration is invalid, for example a client name that is too long.
    Config,
    /// VPP cannot be reached, or the handshake failed.
    Connect,
    /// The connection was lost or closed, or is not established yet.
    Disconnected,
    /// VPP did not answer in time.
    Timeout,
    /// VPP answered with a nonzero `retval`; see [`Error::vpp_error`](crate::Error::vpp_error).
    Api,
    /// The connected VPP does not have the message.
    MessageUnknown,
    /// The connected VPP has the message with another CRC, so its layout may differ.
    CrcMismatch,
    /// The client refuses to send the message, because it would crash VPP or break the stream.
    Forbidden,
    /// A value does not fit into its field, or the message into a frame.
    Encode,
    /// VPP's answer cannot be decoded.
    Decode,
    /// VPP answered with a message that does not belong to the request.
    UnexpectedMessage,
    /// The client reached a limit: memory, pending writes or calls in flight.
    Limit,
    /// The process was forked: only the process that connected can use the connection.
    Forked,
    /// A future was polled after it had returned its result.
    Finished,
}

/// The effect of the failed request in VPP. Check it before a retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// VPP did not receive the request. A retry is safe.
    NotSent,
    /// VPP received the request and refused it; see [`Error::vpp_error`](crate::Error::vpp_error).
    Refused,
    /// VPP may have carried out the request, or may still do so. Check its state before a retry.
    Unknown,
}
