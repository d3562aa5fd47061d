//! Detects that the process was forked.
//!
//! A forked child shares the socket with its parent but has none of its threads. A request
//! written by the child would break the parent's stream, and a call would wait for a thread
//! that does not exist. Comparing process ids would need a system call per request. A counter
//! that an `atfork` handler increments in every child needs only a load.

use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

static FORKS: AtomicU32 = AtomicU32::new(0);

/// Identifies a process among its forks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Process(u32);

impl Process {
    pub(crate) fn current() -> Self {
        static REGISTER: Once = Once::new();
        REGISTER.call_once(register);
        Self(FORKS.load(Ordering::Relaxed))
    }

    #[inline]
    pub(crate) fn is_current(self) -> bool {
        self.0 == FORKS.load(Ordering::Relaxed)
    }
}

extern "C" fn in_child() {
    FORKS.fetch_add(1, Ordering::Relaxed);
}

#[expect(unsafe_code, reason = "the standard library has no hook for fork")]
fn register() {
    // SAFETY: the handler only increments an atomic, which is allowed between fork and exec, and
    // it is a static function. If this fails (out of memory), forks are not detected.
    unsafe {
        libc::pthread_atfork(None, None, Some(in_child));
    }
}
