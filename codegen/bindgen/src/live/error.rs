use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use vpp_client::ErrorKind;

/// Why the API of a running VPP cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LiveError {
    /// The client could not connect, or a call failed.
    #[error("{}", describe(socket, source))]
    Client {
        /// The socket.
        socket: PathBuf,
        /// The client's error.
        source: vpp_client::Error,
    },
    /// The reply to `get_api_json` is not a list of definitions.
    #[error("{}: the reply to get_api_json is not a list of definitions: {source}", socket.display())]
    Reply {
        /// The socket.
        socket: PathBuf,
        /// Line, column and what was expected.
        source: serde_json::Error,
    },
    /// VPP is older than 24.06 and cannot return its definitions.
    #[error(
        "VPP {} at {} cannot return its definitions: get_api_json was added in VPP 24.06. Use the \
         definitions that it installs (/usr/share/vpp/api on its machine), or compile its sources \
         with `vpp-bindgen compile`",
        known(version),
        socket.display()
    )]
    NoDefinitions {
        /// The socket.
        socket: PathBuf,
        /// The release, such as `23.02-release`.
        version: String,
    },
    /// Definitions from a file or folder cannot be read.
    #[error(transparent)]
    Definitions(#[from] vpp_definitions::Error),
}

/// The client's error with its causes. A socket that cannot be connected gets advice that fits
/// the program.
fn describe(socket: &Path, error: &vpp_client::Error) -> String {
    let causes = std::iter::successors(error.source(), |&error| error.source());
    let causes: Vec<_> = causes.collect();
    let io_error = causes
        .last()
        .and_then(|cause| cause.downcast_ref::<io::Error>());
    let socket = socket.display();
    if let (ErrorKind::Connect, Some(io_error)) = (error.kind(), io_error) {
        let advice = match io_error.kind() {
            io::ErrorKind::PermissionDenied => "run it as root or as a member of VPP's group",
            _ => {
                "check that VPP is running and that this is its API socket (`socksvr` in startup.conf)"
            }
        };
        return format!("cannot connect to VPP at {socket}: {io_error}; {advice}");
    }
    let causes = causes.iter().map(|cause| format!(": {cause}"));
    format!("{socket}: {error}{}", causes.collect::<String>())
}

fn known(version: &str) -> &str {
    match version {
        "" => "of unknown release",
        known => known,
    }
}
