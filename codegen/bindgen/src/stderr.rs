//! Standard error. A failed write is ignored.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::live::LiveError;
use vpp_definitions::Error;

use crate::progress;

/// The exit status of an error, the same as clap's for wrong arguments. 1 is a negative result.
const ERROR: u8 = 2;

static QUIET: AtomicBool = AtomicBool::new(false);

/// Prints only errors from now on.
pub fn set_quiet() {
    QUIET.store(true, Ordering::Relaxed);
}

/// Prints a message unless `--quiet` is set.
pub fn note(text: impl Display) {
    if !QUIET.load(Ordering::Relaxed) {
        line(text);
    }
}

/// Prints warnings unless `--quiet` is set.
pub fn warnings(all: impl IntoIterator<Item = impl Display>) {
    for one in all {
        note(format_args!("vpp-bindgen: warning: {one}"));
    }
}

/// Prints the error that ends the command, and returns its exit status.
pub fn fail(error: impl Display) -> ExitCode {
    print_error(error);
    ExitCode::from(ERROR)
}

/// Prints an error as [`fail`] does. Errors in `.api` files are shown with the source line, in
/// colour if [`has_colour`] allows it.
pub fn fail_to_load(failure: impl Into<LiveError>) -> ExitCode {
    let failure = failure.into();
    let LiveError::Definitions(Error::Api(faults)) = &failure else {
        return fail(failure);
    };
    line(faults.render(has_colour(&io::stderr())));
    ExitCode::from(ERROR)
}

/// Whether to use colour: on a terminal, unless `NO_COLOR` is set (<https://no-color.org>).
pub fn has_colour(to: &impl IsTerminal) -> bool {
    let is_forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    to.is_terminal() && !is_forbidden
}

/// Prints an error after which the command continues.
pub fn print_error(error: impl Display) {
    line(format_args!("vpp-bindgen: {error}"));
}

fn line(text: impl Display) {
    progress::hide();
    let _ = writeln!(io::stderr(), "{text}");
}
