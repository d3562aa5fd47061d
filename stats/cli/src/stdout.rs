//! Standard output.

use std::io::{self, BufWriter, Write};

/// Passes a buffered writer to `write`. A reader that closes the pipe early, such as `head`, is
/// not an error.
pub(crate) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
