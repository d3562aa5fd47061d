use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// The result of operations on a stats segment.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a stats segment cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing accepts connections on the socket, or access is denied.
    #[error(
        "cannot connect to the stats socket {}: {source}; is VPP running, and does this user \
         belong to the group of the socket?",
        socket.display()
    )]
    Connect {
        /// The path of the socket.
        socket: PathBuf,
        /// The error of the system call.
        source: io::Error,
    },
    /// VPP accepted the connection but sent no descriptor in time. VPP sends it from its main
    /// thread, which a long command can block.
    #[error("{} sent no descriptor within {timeout:?}: VPP's main thread is busy or hangs", socket.display())]
    NoReply {
        /// The path of the socket.
        socket: PathBuf,
        /// The time limit.
        timeout: Duration,
    },
    /// The peer closed the connection without a descriptor, so it is not a stats socket of VPP.
    #[error("{} sent no descriptor: it is not a stats socket of VPP (statseg {{ socket-name }})", socket.display())]
    NoDescriptor {
        /// The path of the socket.
        socket: PathBuf,
    },
    /// The descriptor or file cannot be read.
    #[error("cannot {operation} the stats segment: {source}")]
    Io {
        /// What failed: `map`, `read`, …
        operation: &'static str,
        /// The error of the system call.
        source: io::Error,
    },
    /// The memory does not begin with the header of a stats segment.
    #[error("not a stats segment: {reason}")]
    NotASegment {
        /// What is wrong with the header.
        reason: String,
    },
    /// The segment has another format. This crate reads version 2: VPP 21.06 to 26.06.
    #[error("version {found} of the stats segment is not supported, only 2 (VPP 21.06 to 26.06)")]
    Version {
        /// The version in the header.
        found: u64,
    },
    /// VPP kept the segment in an update for the whole time limit. VPP was killed during an
    /// update, or it hangs.
    #[error("the stats segment was being updated for {timeout:?}: VPP hangs")]
    Busy {
        /// The time limit.
        timeout: Duration,
    },
    /// The selected values need more memory than the limit allows.
    #[error(
        "the selected values need more than {limit} bytes, the limit was exceeded at {entry}: \
         select fewer entries or raise the limit"
    )]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
        /// The name of the entry that exceeded the limit.
        entry: String,
    },
    /// A pattern is not a valid regular expression.
    #[error("invalid pattern: {0}")]
    Pattern(#[from] regex::Error),
}

impl Error {
    /// The error of a header or directory that leads outside of the segment.
    pub(crate) fn damaged(fault: Fault) -> Self {
        Self::NotASegment {
            reason: format!("its directory is damaged: {fault}"),
        }
    }
}

/// A pointer in the segment that does not lead to valid data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{length} bytes at offset {offset} are outside of the segment ({size} bytes)")]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Fault {
    /// The offset from the start of the segment. A pointer below its start wraps around.
    pub offset: u64,
    /// The number of bytes that were expected there.
    pub length: u64,
    /// The size of the segment.
    pub size: u64,
}
