use std::collections::VecDeque;
use std::sync::Arc;
use std::time::SystemTime;

use vpp_wire::frame;

use super::options::TraceOptions;
use super::snapshot::{Direction, Trace, TracedMessage};
use crate::table::MessageTable;

/// How many different message tables are kept. Each takes about 300 KiB.
const MAX_TABLES: usize = 4;

/// The ring of recorded messages. Its methods are called under the lock of the client: they copy
/// one payload, and their memory is bounded by the options.
pub(crate) struct Recorder {
    options: TraceOptions,
    messages: VecDeque<TracedMessage>,
    bytes: usize,
    dropped: u64,
    /// The tables of the recorded messages, the latest last.
    tables: VecDeque<Arc<MessageTable>>,
}

impl Recorder {
    pub(crate) fn new(options: TraceOptions) -> Self {
        Self {
            options,
            messages: VecDeque::new(),
            bytes: 0,
            dropped: 0,
            tables: VecDeque::new(),
        }
    }

    /// Starts a connection with its message table. A VPP that restarts often has the same table,
    /// which is then kept once.
    pub(crate) fn connected(&mut self, table: &Arc<MessageTable>) {
        let same = self.tables.iter().position(|known| known.is_same(table));
        let current = match same.and_then(|at| self.tables.remove(at)) {
            Some(known) => known,
            None => Arc::clone(table),
        };
        self.tables.push_back(current);
        if self.tables.len() > MAX_TABLES
            && let Some(oldest) = self.tables.pop_front()
        {
            let before = self.messages.len();
            self.messages
                .retain(|message| !Arc::ptr_eq(&message.table, &oldest));
            self.bytes = self.messages.iter().map(|it| it.payload.len()).sum();
            self.dropped += (before - self.messages.len()) as u64;
        }
    }

    /// Records frames that are queued.
    pub(crate) fn sent(&mut self, mut frames: &[u8]) {
        while let Ok(Some(frame)) = frame::split(frames, usize::MAX) {
            self.record(Direction::Sent, frame.payload);
            frames = frames.get(frame.size..).unwrap_or_default();
        }
    }

    /// Records the payload of a frame that has arrived.
    pub(crate) fn received(&mut self, payload: &[u8]) {
        self.record(Direction::Received, payload);
    }

    fn record(&mut self, direction: Direction, payload: &[u8]) {
        let Some(table) = self.tables.back().cloned() else {
            return;
        };
        if payload.len() > self.options.bytes || self.options.messages == 0 {
            self.dropped += 1;
            return;
        }
        let room = self.options.bytes - payload.len();
        while (self.bytes > room || self.messages.len() >= self.options.messages)
            && let Some(oldest) = self.messages.pop_front()
        {
            self.bytes -= oldest.payload.len();
            self.dropped += 1;
        }
        self.bytes += payload.len();
        self.messages.push_back(TracedMessage {
            time: SystemTime::now(),
            direction,
            payload: payload.into(),
            table,
        });
    }

    /// The recorded messages. The payloads are shared, not copied.
    pub(crate) fn snapshot(&self) -> Trace {
        Trace {
            messages: self.messages.iter().cloned().collect(),
            dropped: self.dropped,
            table: self.tables.back().cloned().unwrap_or_default(),
        }
    }
}
