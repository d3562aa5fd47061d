use vpp_bindings::wire::FixedString;

use super::{Error, Result};

/// Converts text for a field of fixed size. `what` names the text in the error.
pub(crate) fn fixed<const N: usize>(
    operation: &'static str,
    what: &str,
    text: &str,
) -> Result<FixedString<N>> {
    FixedString::new(text).map_err(|error| Error::invalid(operation, format!("{what}: {error}")))
}

/// Checks that VPP can listen on a socket's path or connect to it.
pub(crate) fn socket_path(operation: &'static str, path: &str) -> Result<()> {
    /// The longest path in the kernel's `sockaddr_un`, without the NUL.
    const MAX_PATH: usize = 107;
    if path.is_empty() {
        return Err(Error::invalid(operation, "the socket's path is empty"));
    }
    fixed::<{ MAX_PATH + 1 }>(operation, "the socket's path", path).map(drop)
}
