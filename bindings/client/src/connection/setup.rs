use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

use vpp_wire::FixedString;

use super::health::HealthCheck;
use super::reconnect::ReconnectPolicy;

/// The API socket of a VPP that runs as root with the default configuration.
pub const DEFAULT_SOCKET: &str = "/run/vpp/api.sock";

/// The environment variable that overrides [`DEFAULT_SOCKET`].
const SOCKET_VARIABLE: &str = "VPP_API_SOCKET";

/// The default path of the socket: the environment variable `VPP_API_SOCKET` if it is set and
/// not empty, or else [`DEFAULT_SOCKET`].
#[must_use]
pub fn socket_path() -> PathBuf {
    let named = env::var_os(SOCKET_VARIABLE).filter(|path| !path.is_empty());
    named.map_or_else(|| DEFAULT_SOCKET.into(), PathBuf::from)
}

/// The options of a connection.
pub(crate) struct Setup {
    pub(crate) path: PathBuf,
    pub(crate) name: FixedString<64>,
    pub(crate) timeout: Duration,
    pub(crate) reconnect: Option<ReconnectPolicy>,
    pub(crate) health: Option<HealthCheck>,
}

/// The program's name, cut to the maximum length.
pub(crate) fn program_name() -> FixedString<64> {
    let program = env::args_os().next().map(PathBuf::from);
    let name = program
        .as_deref()
        .and_then(Path::file_name)
        .unwrap_or_default();
    let name = name.to_string_lossy();
    let mut end = name.len().min(FixedString::<64>::MAX_LEN);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    FixedString::new(name.get(..end).unwrap_or_default()).unwrap_or_default()
}
