//! The shared memory, and the protocol by which a reader sees a consistent state of it.

mod layout;
mod memory;

use std::sync::atomic::{Ordering, fence};
use std::thread;
use std::time::{Duration, Instant};

pub(crate) use layout::{Head, NameBuffer, View, for_each_entry};
pub(crate) use memory::Memory;

use crate::error::{Error, Fault, Result};

/// A mapped or saved segment.
#[derive(Debug)]
pub(crate) struct Segment {
    memory: Memory,
}

/// What a section of reading returned.
#[derive(Debug)]
pub(crate) enum Section<T> {
    /// No update of VPP happened meanwhile.
    Consistent(T),
    /// VPP updated the segment meanwhile.
    Disturbed,
}

impl Segment {
    pub(crate) fn new(memory: Memory) -> Result<Self> {
        layout::check(&memory)?;
        Ok(Self { memory })
    }

    pub(crate) fn size(&self) -> usize {
        self.memory.len()
    }

    /// Runs `read` between two updates of VPP. `read` receives the epoch, the number of updates.
    ///
    /// The epoch does not cover values of counters, which change at any time, and symlinks, which
    /// VPP adds without an update. `read` must bear both, and stale data if the section was
    /// disturbed.
    pub(crate) fn section<T>(
        &self,
        timeout: Duration,
        read: impl FnOnce(&View<'_>, u64) -> Result<T, Fault>,
    ) -> Result<Section<Result<T, Fault>>> {
        let Some(epoch) = self.wait_for_end_of_update(timeout)? else {
            return Ok(Section::Disturbed);
        };
        let value = View::new(&self.memory).and_then(|view| read(&view, epoch));
        fence(Ordering::Acquire);
        Ok(match self.is_unchanged_since(epoch) {
            true => Section::Consistent(value),
            false => Section::Disturbed,
        })
    }

    /// The header as it is now, perhaps in the middle of an update.
    pub(crate) fn unprotected(&self) -> Result<View<'_>, Fault> {
        View::new(&self.memory)
    }

    fn wait_for_end_of_update(&self, timeout: Duration) -> Result<Option<u64>> {
        /// The first attempts do not yield the processor: most updates take less than 1 µs.
        const SPINS: u32 = 100;
        const LONGEST_PAUSE: Duration = Duration::from_millis(1);
        let mut start = None;
        let mut pause = Duration::from_micros(1);
        for attempt in 0_u32.. {
            if !self.is_in_update() {
                break;
            }
            if attempt < SPINS {
                std::hint::spin_loop();
                continue;
            }
            if start.get_or_insert_with(Instant::now).elapsed() > timeout {
                return Err(Error::Busy { timeout });
            }
            thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        // The epoch is taken after the wait. Taken before, it would never be that of the end of
        // the update.
        let epoch = self.epoch();
        Ok((!self.is_in_update()).then_some(epoch))
    }

    fn is_unchanged_since(&self, epoch: u64) -> bool {
        !self.is_in_update() && self.epoch() == epoch
    }

    fn is_in_update(&self) -> bool {
        self.header(layout::IN_PROGRESS) != 0
    }

    fn epoch(&self) -> u64 {
        self.header(layout::EPOCH)
    }

    /// A word of the header. `new` checked that the memory has one, so only a file that was
    /// truncated since is a fault. All its other data are faults, too.
    fn header(&self, offset: u64) -> u64 {
        self.memory.u64_acquire(offset).unwrap_or_default()
    }
}
