//! Signals that end the program wait while files are moved into place.

use nix::sys::signal::{SigSet, Signal};
use vpp_definitions::progress::{Progress, Stage};

/// What a user, a terminal or an init system ends a program with. The others stay as they
/// are; SIGQUIT is there for a file system that hangs.
fn deferred() -> SigSet {
    SigSet::from_iter([Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP])
}

/// Defers signals to this thread and to those that it starts.
pub fn defer() {
    let _ = deferred().thread_block();
}

/// Lets deferred signals come; they do then what they would have done.
pub fn admit() {
    let _ = deferred().thread_unblock();
}

/// Defers them while files are written: milliseconds, as all is computed by then. Nothing is
/// on disk before, so a signal may end the program anywhere else.
pub fn heed(progress: Progress) {
    match progress {
        Progress {
            stage: Stage::Writing,
            done: 0,
            total,
            ..
        } if total > 0 => defer(),
        Progress {
            stage: Stage::Writing,
            ..
        } => admit(),
        _ => {}
    }
}
