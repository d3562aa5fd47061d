/// What went wrong. Every [`Error`](crate::Error) has exactly one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration cannot work, for example a client name that is too long.
    Config,
    /// VPP could not be reached, or it did not answer the handshake like VPP.
    Connect,
    /// There is no connection: it was lost, it was closed, or it is not established yet.
    Disconnected,
    /// VPP did not answer in time.
    Timeout,
    /// VPP answered with a nonzero `retval`; see [`Error::vpp_error`](crate::Error::vpp_error).
    Api,
    /// The connected VPP does not have the message.
    MessageUnknown,
    /// The connected VPP has the message with another CRC, which means another layout.
    CrcMismatch,
    /// This client never sends the message over a socket, because it would crash VPP or break
    /// the stream.
    Forbidden,
    /// A value does not fit its field or its frame.
    Encode,
    /// VPP's answer cannot be decoded.
    Decode,
    /// VPP answered with a message that does not belong to the request.
    UnexpectedMessage,
    /// A limit of this client was reached: memory, pending writes, calls in flight.
    Limit,
    /// The process was forked: only the process that connected can use the connection.
    Forked,
    /// A future was polled again after it had returned its result.
    Finished,
}

/// What became of the request: the one question to ask before repeating it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// VPP never received the request. Repeating it is safe.
    NotSent,
    /// VPP received the request and refused it, see [`Error::vpp_error`](crate::Error::vpp_error).
    Refused,
    /// VPP may have carried out the request, or may still do so: look before repeating it.
    Unknown,
}
