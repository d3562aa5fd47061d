use std::error::Error;
use std::path::PathBuf;

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

/// The client's error with its causes. Connect errors already name the socket.
fn describe(socket: &std::path::Path, error: &vpp_client::Error) -> String {
    let mut text = match error.kind() {
        ErrorKind::Connect => error.to_string(),
        _ => format!("{}: {error}", socket.display()),
    };
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    text
}

fn known(version: &str) -> &str {
    match version {
        "" => "of unknown release",
        known => known,
    }
}
