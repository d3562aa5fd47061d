use std::collections::HashMap;
use std::io::{self, Write};

use vpp_wire::trace::{TraceTable, TraceWriteError, TraceWriter};

use super::snapshot::{Keys, Trace};

impl Trace {
    /// Writes the messages of both directions in the format of VPP's `api trace save`.
    ///
    /// `vpp-bindgen trace` prints the file, and `vpp-bindgen trace-replay` uses the recorded
    /// replies to map the numbers of interfaces. The format has no times and directions.
    ///
    /// A file has one message table: that of the latest connection. Messages of earlier
    /// connections get its numbers by name and CRC, or free numbers if it does not have them.
    /// Messages whose number no table has are left out.
    ///
    /// # Errors
    /// The destination fails, or the messages need more than 65,536 numbers.
    pub fn write_vpp(&self, to: impl Write) -> Result<(), TraceWriteError> {
        let mut numbers = Numbers::new(self);
        let mut keys = Keys::default();
        let mut records = Vec::with_capacity(self.messages.len());
        let mut left_out = 0_u64;
        for message in &self.messages {
            match keys.of(message) {
                Some(key) => records.push((numbers.of(key)?, &message.payload)),
                None => left_out += 1,
            }
        }
        let table: TraceTable = numbers
            .by_key
            .iter()
            .map(|(key, id)| (*id, (*key).to_owned()))
            .collect();
        let count =
            u32::try_from(records.len()).map_err(|_| io::Error::other("too many records"))?;
        let is_wrapped = self.dropped + left_out > 0;
        let to = io::BufWriter::new(to);
        let mut writer = TraceWriter::new(to, &table, count, is_wrapped)?;
        let mut bytes = Vec::new();
        for (id, payload) in records {
            bytes.clear();
            bytes.extend_from_slice(&id.to_be_bytes());
            bytes.extend_from_slice(payload.get(2..).unwrap_or_default());
            writer.record(&bytes)?;
        }
        writer.finish()?;
        Ok(())
    }
}

/// The numbers of the file's table.
struct Numbers<'a> {
    by_key: HashMap<&'a str, u16>,
    /// The next number that may be free.
    next: u32,
}

impl<'a> Numbers<'a> {
    fn new(trace: &'a Trace) -> Self {
        let by_key: HashMap<&str, u16> = trace.table.iter().collect();
        let used = by_key.values().max().copied();
        Self {
            next: used.map_or(0, |id| u32::from(id) + 1),
            by_key,
        }
    }

    fn of(&mut self, key: &'a str) -> io::Result<u16> {
        if let Some(id) = self.by_key.get(key) {
            return Ok(*id);
        }
        let id = u16::try_from(self.next)
            .map_err(|_| io::Error::other(format!("no message number is free for {key}")))?;
        self.next += 1;
        self.by_key.insert(key, id);
        Ok(id)
    }
}
