use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// What keeps a running VPP from saying what it has.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LiveError {
    /// Nobody listens on the socket, or this user may not ask.
    #[error("cannot connect to {}: {source}{}", socket.display(), hint(source))]
    Connect {
        /// The socket.
        socket: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The connection broke.
    #[error("{}: VPP closed the connection while it was asked for {asked}: {source}", socket.display())]
    Lost {
        /// The socket.
        socket: PathBuf,
        /// The message that was asked with.
        asked: String,
        /// What the system said.
        source: io::Error,
    },
    /// No answer in time.
    #[error("{}: no answer to {asked} within {timeout:?}: whoever listens there is busy or is not VPP", socket.display())]
    Timeout {
        /// The socket.
        socket: PathBuf,
        /// The message that was asked with.
        asked: String,
        /// How long it was waited for.
        timeout: Duration,
    },
    /// An answer that VPP does not give.
    #[error("{}: the answer to {asked} is none of VPP's: {problem}", socket.display())]
    Answer {
        /// The socket.
        socket: PathBuf,
        /// The message that was asked with.
        asked: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A VPP before 24.06 has no definitions to give.
    #[error(
        "VPP {} at {} cannot give its definitions: get_api_json came with VPP 24.06. Take those that \
         it installs (/usr/share/vpp/api on its machine), or make them of its sources with \
         `vpp-bindgen compile`",
        known(version),
        socket.display()
    )]
    NoDefinitions {
        /// The socket.
        socket: PathBuf,
        /// The release, as VPP calls it.
        version: String,
    },
    /// Definitions at hand that cannot be read.
    #[error(transparent)]
    Definitions(#[from] crate::Error),
}

fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => {
            "; is VPP running, and is this its API socket (socksvr in its startup.conf)?"
        }
        io::ErrorKind::PermissionDenied => "; run it as root or as a member of VPP's group",
        _ => "",
    }
}

fn known(version: &str) -> &str {
    match version {
        "" => "of unknown release",
        known => known,
    }
}
