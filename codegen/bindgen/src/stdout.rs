//! Standard output.

use std::io::{self, Write};

use crate::progress;

/// Prints `text`. A reader that closes the pipe early, such as `head`, is not an error.
pub fn print(text: &str) -> io::Result<()> {
    progress::hide();
    let mut out = io::stdout().lock();
    ignore_closed_reader(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Turns the error of a closed pipe into success.
pub fn ignore_closed_reader(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
