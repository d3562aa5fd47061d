use std::io::{self, Write};

use super::table::TraceTable;

/// Writes a trace file that VPP can read (`api trace replay`, `api trace dump`).
#[derive(Debug)]
pub struct TraceWriter<W> {
    to: W,
    announced: u32,
    written: u32,
}

/// The reason why a trace file cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TraceWriteError {
    /// The table is larger than a file can hold.
    #[error("the message table has {size} bytes; a trace file holds at most {max}")]
    TableTooLarge {
        /// The size of the table in bytes.
        size: usize,
        /// The maximum: [`MAX_TABLE`](super::MAX_TABLE).
        max: usize,
    },
    /// The size of a record is out of range.
    #[error("record {index} has {size} bytes; a record has 2 to {max} bytes")]
    RecordSize {
        /// The position of the record.
        index: u32,
        /// The size of the record in bytes.
        size: usize,
        /// The maximum: [`frame::MAX_PAYLOAD`](crate::frame::MAX_PAYLOAD).
        max: usize,
    },
    /// The number of records differs from the number in the header.
    #[error("{written} records were written; the header has {announced}")]
    RecordCount {
        /// The number of records that were written.
        written: u32,
        /// The number in the header.
        announced: u32,
    },
    /// The destination failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl<W: Write> TraceWriter<W> {
    /// Writes the header and the table. `records` is the number of records that follow, and
    /// `is_wrapped` says that older records were dropped.
    ///
    /// # Errors
    /// The destination fails, or the table is larger than [`MAX_TABLE`](super::MAX_TABLE).
    pub fn new(
        mut to: W,
        table: &TraceTable,
        records: u32,
        is_wrapped: bool,
    ) -> Result<Self, TraceWriteError> {
        let (table, max) = (table.serialize(), super::MAX_TABLE);
        let size = table.len();
        let length = u32::try_from(size).ok().filter(|_| size <= max);
        let length = length.ok_or(TraceWriteError::TableTooLarge { size, max })?;
        to.write_all(&records.to_be_bytes())?;
        to.write_all(&length.to_be_bytes())?;
        to.write_all(&[u8::from(is_wrapped)])?;
        to.write_all(&table)?;
        Ok(Self {
            to,
            announced: records,
            written: 0,
        })
    }

    /// Writes one message: its payload, which starts with the message number.
    ///
    /// # Errors
    /// The destination fails, the payload is shorter than a message number or larger than
    /// [`frame::MAX_PAYLOAD`](crate::frame::MAX_PAYLOAD), or the file is complete.
    pub fn record(&mut self, payload: &[u8]) -> Result<(), TraceWriteError> {
        let (size, max) = (payload.len(), crate::frame::MAX_PAYLOAD);
        let length = u32::try_from(size).ok();
        let length = length.filter(|_| (2..=max).contains(&size));
        let index = self.written;
        let length = length.ok_or(TraceWriteError::RecordSize { index, size, max })?;
        self.written = self.written.saturating_add(1);
        if self.written > self.announced {
            return Err(self.wrong_count());
        }
        self.to.write_all(&length.to_be_bytes())?;
        self.to.write_all(payload)?;
        Ok(())
    }

    /// Flushes the destination and returns it.
    ///
    /// # Errors
    /// The destination fails, or records are missing.
    pub fn finish(mut self) -> Result<W, TraceWriteError> {
        if self.written != self.announced {
            return Err(self.wrong_count());
        }
        self.to.flush()?;
        Ok(self.to)
    }

    fn wrong_count(&self) -> TraceWriteError {
        TraceWriteError::RecordCount {
            written: self.written,
            announced: self.announced,
        }
    }
}
