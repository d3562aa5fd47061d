//! A hierarchical timing wheel for deadlines, with a tick of one millisecond.
//!
//! Each level has 64 buckets. A bucket spans all 64 buckets of the level below. Adding and
//! removing a deadline takes constant time, and finding the next one reads six bit sets. The
//! wheel holds only the head of each bucket's list. The links are in the slots of the calls.

use std::time::Duration;

use tokio::time::Instant;

const BITS: u32 = 6;
const BUCKETS: usize = 1 << BITS;
const LEVELS: usize = 6;
/// The bits of a tick that are its bucket in a level, and the highest level.
const MASK: u64 = BUCKETS as u64 - 1;
const HIGHEST: u32 = 5;
/// The furthest deadline in ticks from now, about two years. A later one is checked again then.
const FURTHEST: u64 = (1 << (BITS as u64 * LEVELS as u64)) - 1;

/// The end of a list. No call has this context.
pub(crate) const END: u32 = 0;

/// A bucket of the wheel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bucket {
    level: u8,
    index: u8,
}

/// The timing wheel.
pub(crate) struct Wheel {
    start: Instant,
    /// All ticks up to this one are over.
    now: u64,
    occupied: [u64; LEVELS],
    heads: [[u32; BUCKETS]; LEVELS],
}

impl Wheel {
    pub(crate) fn new(start: Instant) -> Self {
        Self {
            start,
            now: 0,
            occupied: [0; LEVELS],
            heads: [[END; BUCKETS]; LEVELS],
        }
    }

    /// The last tick that is over at `now`.
    #[inline]
    pub(crate) fn tick_at(&self, now: Instant) -> u64 {
        let since = now.saturating_duration_since(self.start);
        since.as_secs().saturating_mul(1000) + u64::from(since.subsec_millis())
    }

    /// The bucket for a tick, found by the highest bit in which it differs from now.
    #[inline]
    pub(crate) fn bucket(&self, tick: u64) -> Bucket {
        let tick = tick.clamp(self.now + 1, self.now + FURTHEST);
        let differs = (tick ^ self.now) | 1;
        let level = (differs.ilog2() / BITS).min(HIGHEST);
        let index = (tick >> (level * BITS)) & MASK;
        Bucket {
            level: level as u8,
            index: index as u8,
        }
    }

    #[inline]
    pub(crate) fn head(&mut self, bucket: Bucket) -> Option<&mut u32> {
        let level = self.heads.get_mut(usize::from(bucket.level))?;
        level.get_mut(usize::from(bucket.index))
    }

    #[inline]
    pub(crate) fn set_head(&mut self, bucket: Bucket, head: u32) {
        if let Some(place) = self.head(bucket) {
            *place = head;
        }
        if let Some(occupied) = self.occupied.get_mut(usize::from(bucket.level)) {
            let bit = 1 << bucket.index;
            *occupied = if head == END {
                *occupied & !bit
            } else {
                *occupied | bit
            };
        }
    }

    /// The first tick whose bucket is not empty, and that bucket.
    fn next(&self) -> Option<(u64, Bucket)> {
        for (level, occupied) in (0u8..).zip(self.occupied) {
            if occupied == 0 {
                continue;
            }
            let shift = u32::from(level) * BITS;
            let current = (self.now >> shift) & MASK;
            let distance = occupied.rotate_right(lowest_bits(current)).trailing_zeros();
            let index = (current + u64::from(distance)) & MASK;
            let turn = (self.now >> shift) & !MASK;
            let mut tick = (turn + index) << shift;
            if tick <= self.now {
                tick += 1 << (shift + BITS);
            }
            let index = index as u8;
            return Some((tick, Bucket { level, index }));
        }
        None
    }

    /// Empties the next bucket that is due at `tick` and returns the head of its list.
    pub(crate) fn advance(&mut self, tick: u64) -> Option<u32> {
        match self.next() {
            Some((at, bucket)) if at <= tick => {
                self.now = at;
                let head = self.head(bucket).copied()?;
                self.set_head(bucket, END);
                Some(head)
            }
            _ => {
                self.now = self.now.max(tick);
                None
            }
        }
    }

    /// Whether a tick is over.
    pub(crate) fn is_over(&self, tick: u64) -> bool {
        tick <= self.now
    }

    /// The tick at which to advance next, never later than the next deadline.
    pub(crate) fn next_tick(&self) -> Option<u64> {
        self.next().map(|(tick, _)| tick)
    }

    /// When a tick is over.
    pub(crate) fn time_of(&self, tick: u64) -> Option<Instant> {
        self.start.checked_add(Duration::from_millis(tick))
    }
}

/// The lowest six bits of a number.
fn lowest_bits(number: u64) -> u32 {
    (number & MASK) as u32
}

/// The tick of the deadline of a timeout that starts in the tick `now`.
#[inline]
pub(crate) fn deadline(now: u64, timeout: Duration) -> u64 {
    let millis = u64::from(timeout.subsec_nanos().div_ceil(1_000_000));
    let ticks = timeout.as_secs().saturating_mul(1000);
    now.saturating_add(ticks).saturating_add(millis + 1)
}
