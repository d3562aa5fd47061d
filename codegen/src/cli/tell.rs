//! What the program says on standard error. Where nobody can read it, nothing fails.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use vpp_codegen::Error;
use vpp_codegen::live::LiveError;

use super::progress;

/// The exit status of an error, as clap has it for wrong arguments; 1 is an answer.
const ERROR: u8 = 2;

static QUIET: AtomicBool = AtomicBool::new(false);

/// Says nothing but errors from now on.
pub(super) fn quietly() {
    QUIET.store(true, Ordering::Relaxed);
}

/// What was done.
pub(super) fn done(text: impl Display) {
    if !QUIET.load(Ordering::Relaxed) {
        line(text);
    }
}

/// What the result takes for granted.
pub(super) fn warnings(all: impl IntoIterator<Item = impl Display>) {
    for one in all {
        done(format_args!("vpp-bindgen: warning: {one}"));
    }
}

/// An error that ends the command, with the exit status for it.
pub(super) fn error(error: impl Display) -> ExitCode {
    fault(error);
    ExitCode::from(ERROR)
}

/// As [`error`]; what is wrong in `.api` files is underlined, in colour on a terminal
/// where NO_COLOR is not set.
pub(super) fn failed(failure: impl Into<LiveError>) -> ExitCode {
    let failure = failure.into();
    let LiveError::Definitions(Error::Api(faults)) = &failure else {
        return error(failure);
    };
    line(faults.render(has_colour(&io::stderr())));
    ExitCode::from(ERROR)
}

/// Colour on a terminal, where nobody forbids it (<https://no-color.org>).
pub(super) fn has_colour(to: &impl IsTerminal) -> bool {
    let is_forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    to.is_terminal() && !is_forbidden
}

/// An error behind which the command goes on.
pub(super) fn fault(error: impl Display) {
    line(format_args!("vpp-bindgen: {error}"));
}

fn line(text: impl Display) {
    progress::hide();
    let _ = writeln!(io::stderr(), "{text}");
}
