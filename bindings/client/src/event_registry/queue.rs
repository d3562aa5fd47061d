//! The unread events of one subscription.

use std::mem;

/// Sentinel length: the connection was re-established here.
const RESTORED: u32 = u32::MAX;
/// Sentinel length: events were lost here. Their number follows.
const LAGGED: u32 = u32::MAX - 1;

/// Unread events as bytes, each after its length.
#[derive(Default)]
pub(crate) struct Queue {
    bytes: Vec<u8>,
    events: usize,
    /// How many bytes the events take, without notices.
    payload: usize,
    limit: usize,
    lagged: u64,
}

/// An entry of a queue.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Entry<'a> {
    Event(&'a [u8]),
    Lagged(u64),
    Restored,
}

impl Queue {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    /// Appends an event if it fits into `room` bytes, or else counts it as lost. Returns how many
    /// bytes it takes.
    pub(crate) fn push(&mut self, payload: &[u8], room: usize) -> usize {
        let bytes = size_of::<u32>() + payload.len();
        let length = u32::try_from(payload.len())
            .ok()
            .filter(|length| *length < LAGGED);
        match length {
            Some(length) if self.events < self.limit && bytes <= room => {
                // Records that events before this one were lost.
                self.note_lag();
                self.events += 1;
                self.payload += bytes;
                self.bytes.extend_from_slice(&length.to_ne_bytes());
                self.bytes.extend_from_slice(payload);
                bytes
            }
            _ => {
                if self.lagged == 0 {
                    tracing::debug!("a subscription lags, events are lost");
                }
                self.lagged += 1;
                0
            }
        }
    }

    /// How many bytes of events are unread.
    pub(crate) fn bytes(&self) -> usize {
        self.payload
    }

    /// Adds a notice that the connection was re-established.
    pub(crate) fn note_restored(&mut self) {
        self.note_lag();
        self.bytes.extend_from_slice(&RESTORED.to_ne_bytes());
    }

    /// Adds a notice if events were lost.
    fn note_lag(&mut self) {
        if self.lagged > 0 {
            self.bytes.extend_from_slice(&LAGGED.to_ne_bytes());
            self.bytes
                .extend_from_slice(&mem::take(&mut self.lagged).to_ne_bytes());
        }
    }

    /// Moves all entries to the empty `buffer`. Returns false if there are none.
    pub(crate) fn take(&mut self, buffer: &mut Vec<u8>) -> bool {
        self.note_lag();
        self.events = 0;
        self.payload = 0;
        mem::swap(&mut self.bytes, buffer);
        !buffer.is_empty()
    }
}

/// The first entry of `bytes` and its size.
pub(crate) fn first_entry(bytes: &[u8]) -> Option<(Entry<'_>, usize)> {
    let (length, rest) = bytes.split_first_chunk()?;
    match u32::from_ne_bytes(*length) {
        RESTORED => Some((Entry::Restored, 4)),
        LAGGED => Some((Entry::Lagged(u64::from_ne_bytes(*rest.first_chunk()?)), 12)),
        length => Some((
            Entry::Event(rest.get(..length as usize)?),
            4 + length as usize,
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_events_are_reported_at_their_position() {
        let mut queue = Queue::new(2);
        let mut buffer = Vec::new();
        for event in [b"a", b"b", b"c", b"d"] {
            queue.push(event, 100);
        }
        queue.note_restored();
        queue.push(b"e", 100);
        assert!(queue.take(&mut buffer));
        let mut found = Vec::new();
        let mut at = 0;
        while let Some((entry, size)) = first_entry(&buffer[at..]) {
            found.push(entry);
            at += size;
        }
        use Entry::{Event, Lagged, Restored};
        assert_eq!(
            found,
            [Event(b"a"), Event(b"b"), Lagged(2), Restored, Lagged(1)]
        );
        buffer.clear();
        assert!(!queue.take(&mut buffer));
    }
}
