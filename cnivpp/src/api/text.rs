use vpp_bindings::wire::FixedString;

use super::{Error, Result};

/// Text for a field of fixed size; `what` names it where it does not fit.
pub(crate) fn fixed<const N: usize>(
    operation: &'static str,
    what: &str,
    text: &str,
) -> Result<FixedString<N>> {
    FixedString::new(text).map_err(|error| Error::invalid(operation, format!("{what}: {error}")))
}

/// Refuses a socket's path that VPP could not listen on or connect to.
pub(crate) fn socket_path(operation: &'static str, path: &str) -> Result<()> {
    /// What fits into the kernel's `sockaddr_un` in front of its NUL.
    const LONGEST: usize = 107;
    if path.is_empty() {
        return Err(Error::invalid(operation, "the socket's path is empty"));
    }
    fixed::<{ LONGEST + 1 }>(operation, "the socket's path", path).map(drop)
}
