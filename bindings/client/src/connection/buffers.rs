//! The read and write buffers of a connection.

use crate::error::Error;
use crate::shared::Inner;

/// The initial size of the read buffer. VPP writes 4 KiB at a time, often many in a row.
const CHUNK: usize = 256 << 10;
/// The largest buffer that is kept while it is empty.
const KEEP: usize = 1 << 20;

/// Bytes that were read and not yet dispatched.
pub(crate) struct Input {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    /// How many bytes are not yet included in the counters.
    uncounted: usize,
}

impl Input {
    pub(crate) fn new() -> Self {
        Self {
            bytes: vec![0; CHUNK],
            start: 0,
            end: 0,
            uncounted: 0,
        }
    }

    /// The free part of the buffer for the next read, never empty.
    pub(crate) fn room(&mut self) -> &mut [u8] {
        if self.start == self.end {
            self.start = 0;
            self.end = 0;
            if self.bytes.len() > KEEP {
                self.bytes = vec![0; CHUNK];
            }
        } else if self.end == self.bytes.len() {
            if self.start > 0 {
                self.bytes.copy_within(self.start..self.end, 0);
                self.end -= self.start;
                self.start = 0;
            } else {
                // One frame fills the buffer. It grows with the bytes that arrive, not with the
                // size in the header.
                self.bytes.resize(self.bytes.len() * 2, 0);
            }
        }
        self.bytes.get_mut(self.end..).unwrap_or_default()
    }

    /// Notes how many bytes were read.
    pub(crate) fn note_read(&mut self, count: usize) {
        self.end += count;
        self.uncounted += count;
    }

    /// Dispatches all whole frames.
    pub(crate) fn deliver(&mut self, inner: &mut Inner) -> Result<(), Error> {
        let bytes = self.bytes.get(self.start..self.end).unwrap_or_default();
        inner.counters.bytes_received += std::mem::take(&mut self.uncounted) as u64;
        let (taken, result) = inner.deliver(bytes);
        self.start += taken;
        result.map_err(Error::frame)
    }
}

/// Bytes that were taken from the queue and not yet written.
#[derive(Default)]
pub(crate) struct Output {
    bytes: Vec<u8>,
    written: usize,
    /// How many written bytes are not yet reported to the queue.
    unreported: usize,
}

impl Output {
    /// The bytes to write next.
    pub(crate) fn rest(&self) -> &[u8] {
        self.bytes.get(self.written..).unwrap_or_default()
    }

    /// Notes how many bytes of [`rest`](Self::rest) were written.
    pub(crate) fn advance(&mut self, count: usize) {
        self.written += count;
        self.unreported += count;
    }

    /// Takes the number of written bytes that are not yet reported. The caller reports them.
    #[cfg(feature = "blocking")]
    pub(crate) fn take_unreported(&mut self) -> usize {
        std::mem::take(&mut self.unreported)
    }

    /// Reports the written bytes. Takes more from the queue if all are written.
    pub(crate) fn refill(&mut self, inner: &mut Inner) {
        inner.note_written(std::mem::take(&mut self.unreported));
        if !self.rest().is_empty() {
            return;
        }
        self.written = 0;
        self.bytes.clear();
        if self.bytes.capacity() > KEEP {
            self.bytes = Vec::new();
        }
        std::mem::swap(&mut inner.outgoing, &mut self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_is_refilled_after_all_bytes_are_written() {
        let shared = crate::shared::Shared::new(crate::shared::Limits::default());
        let mut output = Output::default();
        shared.with(|inner| {
            inner.outgoing = vec![1, 2, 3];
            inner.note_queued(3);
            output.refill(inner);
            output.advance(2);
            inner.outgoing.push(4);
            inner.note_queued(1);
            output.refill(inner);
            assert_eq!((output.rest(), inner.memory()), (&[3][..], 2));
            output.advance(1);
            output.refill(inner);
            assert_eq!((output.rest(), inner.memory()), (&[4][..], 1));
        });
    }
}
