//! Signals to the thread that serves the stats socket.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::event::{EventfdFlags, eventfd};
use rustix::io::{read, write};

/// Flags, and a descriptor that becomes readable when one of them changes.
#[derive(Debug)]
pub(super) struct Signals {
    wake: OwnedFd,
    stopped: AtomicBool,
    paused: AtomicBool,
}

impl Signals {
    /// Not stopped and not paused.
    ///
    /// # Errors
    /// If the kernel has no descriptor left.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            wake: eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?,
            stopped: AtomicBool::new(false),
            paused: AtomicBool::new(false),
        })
    }

    /// Ends the thread.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
        self.wake();
    }

    /// Whether the thread has to end.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    /// Makes VPP hang or resume.
    pub(super) fn set_paused(&self, paused: bool) {
        self.paused.store(paused, Ordering::Release);
        self.wake();
    }

    /// Whether VPP hangs.
    pub(super) fn is_paused(&self) -> bool {
        self.paused.load(Ordering::Acquire)
    }

    /// Makes the descriptor readable.
    pub(super) fn wake(&self) {
        // Fails only if the descriptor is readable already.
        let _ = write(&self.wake, &1u64.to_ne_bytes());
    }

    /// Makes the descriptor unreadable. The flags have to be read after this.
    pub(super) fn reset(&self) {
        // Fails only if the descriptor is unreadable already.
        let _ = read(&self.wake, &mut [0; 8]);
    }

    /// The descriptor, to wait until it becomes readable.
    pub(super) fn descriptor(&self) -> BorrowedFd<'_> {
        self.wake.as_fd()
    }
}
