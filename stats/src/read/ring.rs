//! Ring buffers (`vlib_stats_ring_buffer_t` and `vlib_stats_ring_metadata_t`).

use std::sync::atomic::{Ordering, fence};

use super::budget::{Budget, Failure};
use crate::error::Fault;
use crate::segment::View;
use crate::value::{Ring, RingThread};

/// The header: sizes, then two offsets from the start of the ring.
#[derive(Debug, Clone, Copy)]
struct Header {
    start: u64,
    entry_size: u64,
    ring_size: u64,
    threads: u64,
    schema_size: u64,
    schema_version: u32,
    metadata: u64,
    data: u64,
}

/// The size of the header.
const HEADER: usize = 28;
/// The size of what a thread's metadata holds. Padding to a cache line of VPP follows.
const METADATA: usize = 24;
/// Offsets in the metadata.
const HEAD: u64 = 0;
const SEQUENCE: u64 = 8;
const SCHEMA_OFFSET: u64 = 16;

/// Copies the records that are complete.
pub(super) fn copy(
    view: &View<'_>,
    pointer: u64,
    ring: &mut Ring,
    budget: &mut Budget,
) -> Result<(), Failure> {
    ring.clear();
    let Some(header) = Header::read(view, pointer)? else {
        return Ok(());
    };
    ring.entry_size = usize::try_from(header.entry_size).unwrap_or(usize::MAX);
    ring.schema_version = header.schema_version;
    let stride = header.stride(view)?;
    header.copy_schema(view, ring, budget)?;
    for thread in 0..header.threads {
        budget.charge(1, size_of::<RingThread>())?;
        let metadata = header
            .metadata
            .saturating_add(thread.saturating_mul(stride));
        header.copy_thread(view, thread, metadata, ring, budget)?;
    }
    Ok(())
}

impl Header {
    fn read(view: &View<'_>, pointer: u64) -> Result<Option<Self>, Fault> {
        let Some(start) = view.resolve(pointer, HEADER)? else {
            return Ok(None);
        };
        let field = |index: u64| view.memory.u32(start + 4 * index);
        Ok(Some(Self {
            start,
            entry_size: field(0)?.into(),
            ring_size: field(1)?.into(),
            threads: field(2)?.into(),
            schema_size: field(3)?.into(),
            schema_version: field(4)?,
            metadata: start + u64::from(field(5)?),
            data: start + u64::from(field(6)?),
        }))
    }

    /// The distance between the metadata of two threads: the size of a cache line in the build of
    /// VPP. The schema follows the metadata of the last thread. Without a schema, the head of each
    /// ring, which is its sequence number modulo its size, shows which size is right.
    fn stride(&self, view: &View<'_>) -> Result<u64, Fault> {
        if self.threads <= 1 {
            return Ok(0);
        }
        if self.schema_size > 0 {
            let schema = self.start + u64::from(view.memory.u32(self.metadata + SCHEMA_OFFSET)?);
            let between = schema.saturating_sub(self.metadata) / self.threads;
            return Ok(between.max(METADATA as u64));
        }
        // The first is the size of this build's machine.
        let sizes = match cfg!(target_arch = "aarch64") {
            true => [128, 64],
            false => [64, 128],
        };
        let evidence = sizes.map(|size| self.evidence(view, size));
        Ok(match evidence[1] > evidence[0] {
            true => sizes[1],
            false => sizes[0],
        })
    }

    /// How many threads have a head that fits their sequence number, if metadata has this stride.
    /// `None` if one has another head. Zeros prove nothing.
    fn evidence(&self, view: &View<'_>, stride: u64) -> Option<usize> {
        /// The threads that are looked at. A hostile number of them is bounded so.
        const MOST: u64 = 64;
        if !(self.metadata - self.start).is_multiple_of(stride) || self.ring_size == 0 {
            return None;
        }
        let mut fitting = 0;
        for thread in 0..self.threads.min(MOST) {
            let metadata = self.metadata + thread * stride;
            let head = u64::from(view.memory.u32(metadata + HEAD).ok()?);
            let sequence = view.memory.u64(metadata + SEQUENCE).ok()?;
            if head != sequence % self.ring_size {
                return None;
            }
            fitting += usize::from(sequence > 0);
        }
        Some(fitting)
    }

    fn copy_schema(
        &self,
        view: &View<'_>,
        ring: &mut Ring,
        budget: &mut Budget,
    ) -> Result<(), Failure> {
        if self.schema_size == 0 || self.threads == 0 {
            return Ok(());
        }
        let schema = self.start + u64::from(view.memory.u32(self.metadata + SCHEMA_OFFSET)?);
        append(view, schema, self.schema_size, &mut ring.schema, budget)
    }

    fn copy_thread(
        &self,
        view: &View<'_>,
        thread: u64,
        metadata: u64,
        ring: &mut Ring,
        budget: &mut Budget,
    ) -> Result<(), Failure> {
        let size = self.ring_size;
        let mut records = RingThread {
            first: 0,
            len: 0,
            start: ring.data.len(),
        };
        let end = view.memory.u64_acquire(metadata + SEQUENCE)?;
        if size > 0 && self.entry_size > 0 {
            let bytes = |records: u64| records.saturating_mul(self.entry_size);
            let first = end.saturating_sub(size);
            let own = self.data.saturating_add(bytes(thread.saturating_mul(size)));
            // From the oldest record to the end of the ring, then from its start.
            let until_end = (size - first % size).min(end - first);
            let oldest = own.saturating_add(bytes(first % size));
            append(view, oldest, bytes(until_end), &mut ring.data, budget)?;
            let newest = bytes(end - first - until_end);
            append(view, own, newest, &mut ring.data, budget)?;
            fence(Ordering::Acquire);
            // The producer may be writing record `now`, over the record that is one ring older.
            let now = view.memory.u64(metadata + SEQUENCE)?;
            let complete = now
                .saturating_add(1)
                .saturating_sub(size)
                .max(first)
                .min(end);
            let skipped = usize::try_from(bytes(complete - first)).unwrap_or(usize::MAX);
            records = RingThread {
                first: complete,
                len: usize::try_from(end - complete).unwrap_or(usize::MAX),
                start: records.start.saturating_add(skipped),
            };
        }
        ring.threads.push(records);
        Ok(())
    }
}

/// Appends bytes of the segment to a buffer.
fn append(
    view: &View<'_>,
    offset: u64,
    len: u64,
    buffer: &mut Vec<u8>,
    budget: &mut Budget,
) -> Result<(), Failure> {
    let len = usize::try_from(len).unwrap_or(usize::MAX);
    if len > view.memory.len() {
        return Err(view.memory.fault(offset, len).into());
    }
    budget.charge(len, 1)?;
    let start = buffer.len();
    buffer.resize(start + len, 0);
    let copied = view.memory.copy_bytes(offset, &mut buffer[start..]);
    Ok(copied?)
}
