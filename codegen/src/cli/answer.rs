//! What the program says on standard output.

use std::io::{self, Write};

use super::progress;

/// Prints `text`. A reader that has seen enough, as `head`, is no error.
pub(super) fn print(text: &str) -> io::Result<()> {
    progress::hide();
    let mut out = io::stdout().lock();
    unless_gone(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Nothing went wrong where only the reader is gone.
pub(super) fn unless_gone(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
