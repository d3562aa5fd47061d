//! Defers signals while files are moved into place.

use nix::sys::signal::{SigSet, Signal};
use vpp_definitions::progress::{Progress, Stage};

/// The signals with which a user, a terminal or an init system ends a program. SIGQUIT is not
/// deferred, so it can end the program if the file system hangs.
fn deferred() -> SigSet {
    SigSet::from_iter([Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP])
}

/// Blocks the signals in this thread and in threads that it starts.
pub fn defer() {
    let _ = deferred().thread_block();
}

/// Unblocks the signals. Pending ones are delivered then.
pub fn admit() {
    let _ = deferred().thread_unblock();
}

/// Defers signals while files are written, which takes milliseconds. Before that, nothing is
/// on disk, so a signal can end the program.
pub fn defer_while_writing(progress: Progress) {
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
