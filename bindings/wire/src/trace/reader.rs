use std::io::{self, Read};
use std::ops::RangeInclusive;

use super::error::{TracePart, TraceReadError};
use super::table::TraceTable;
use super::{HEADER_SIZE, MAX_TABLE};
use crate::frame::MAX_PAYLOAD;

/// Reads a trace file record by record. The source should be buffered.
///
/// Memory holds the table and one record. Both grow only with the bytes that the source has, so
/// a hostile length costs nothing.
#[derive(Debug)]
pub struct TraceReader<R> {
    from: R,
    offset: u64,
    announced: u32,
    is_wrapped: bool,
    table: TraceTable,
    next: u32,
    /// Set after the last record and after an error.
    is_done: bool,
    payload: Vec<u8>,
}

/// One message of a trace file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceRecord<'a> {
    /// The position in the file: 0 for the first record.
    pub index: u32,
    /// The offset of the record in the file.
    pub offset: u64,
    /// The message number in the VPP that recorded the file.
    pub id: u16,
    /// The message as on the wire. It starts with the message number.
    pub payload: &'a [u8],
}

impl<R: Read> TraceReader<R> {
    /// Reads the header and the message table.
    ///
    /// # Errors
    /// The source fails or ends, the table is larger than [`MAX_TABLE`], or it is damaged.
    pub fn new(from: R) -> Result<Self, TraceReadError> {
        let mut reader = Self {
            from,
            offset: 0,
            announced: 0,
            is_wrapped: false,
            table: TraceTable::default(),
            next: 0,
            is_done: false,
            payload: Vec::new(),
        };
        reader.read(HEADER_SIZE, TracePart::Header)?;
        let header = reader.payload.first_chunk::<HEADER_SIZE>();
        let [a, b, c, d, e, f, g, h, wrapped] = *header.unwrap_or(&[0; HEADER_SIZE]);
        reader.announced = u32::from_be_bytes([a, b, c, d]);
        reader.is_wrapped = wrapped != 0;
        let size = u32::from_be_bytes([e, f, g, h]);
        let size = check_length(size, &(4..=MAX_TABLE), 4, TracePart::Table)?;
        let start = reader.offset;
        reader.read(size, TracePart::Table)?;
        reader.table = TraceTable::parse(&reader.payload, start)?;
        Ok(reader)
    }

    /// The message table of the VPP that recorded the file.
    #[must_use]
    pub fn table(&self) -> &TraceTable {
        &self.table
    }

    /// The number of records in the header.
    #[must_use]
    pub fn announced(&self) -> u32 {
        self.announced
    }

    /// Whether VPP dropped old records because its ring was full.
    #[must_use]
    pub fn is_wrapped(&self) -> bool {
        self.is_wrapped
    }

    /// The offset of the next byte.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Reads the next record. Returns `None` after the last one, and after an error.
    ///
    /// # Errors
    /// The source fails or ends within the record or before the number of records in the header,
    /// the length of the record is out of range (2 to [`MAX_PAYLOAD`]), or bytes follow the last
    /// record.
    pub fn next_record(&mut self) -> Result<Option<TraceRecord<'_>>, TraceReadError> {
        if self.is_done {
            return Ok(None);
        }
        // Set again below if the record is complete.
        self.is_done = true;
        let (index, offset) = (self.next, self.offset);
        let part = TracePart::Record(index);
        let read = self.fill(4)?;
        let announced = self.announced;
        match (index == announced, read) {
            (true, 0) => return Ok(None),
            (true, _) => return Err(TraceReadError::TrailingBytes { offset, announced }),
            (false, 0) => {
                return Err(TraceReadError::MissingRecords {
                    offset,
                    found: index,
                    announced,
                });
            }
            (false, _) => self.check_complete(4, part)?,
        }
        let length = u32::from_be_bytes(self.payload.first_chunk().copied().unwrap_or_default());
        let length = check_length(length, &(2..=MAX_PAYLOAD), offset, part)?;
        self.read(length, part)?;
        self.next += 1;
        self.is_done = false;
        Ok(Some(TraceRecord {
            index,
            offset,
            // The length was checked.
            id: u16::from_be_bytes(self.payload.first_chunk().copied().unwrap_or_default()),
            payload: &self.payload,
        }))
    }

    /// Reads exactly `length` bytes into the buffer.
    fn read(&mut self, length: usize, part: TracePart) -> Result<(), TraceReadError> {
        self.fill(length)?;
        self.check_complete(length, part)
    }

    /// Reads at most `length` bytes into the buffer. Fewer only at the end of the source.
    fn fill(&mut self, length: usize) -> Result<usize, TraceReadError> {
        /// The growth of the buffer ahead of the bytes that fill it.
        const STEP: usize = 1 << 16;
        self.payload.clear();
        while self.payload.len() < length {
            let start = self.payload.len();
            let end = length.min(start + STEP);
            self.payload.resize(end, 0);
            let read = match self.from.read(&mut self.payload[start..end]) {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                    self.payload.truncate(start);
                    continue;
                }
                Err(source) => {
                    let offset = self.offset;
                    return Err(TraceReadError::Io { offset, source });
                }
            };
            self.payload.truncate(start + read);
            self.offset += read as u64;
            if read == 0 {
                break;
            }
        }
        Ok(self.payload.len())
    }

    fn check_complete(&self, length: usize, part: TracePart) -> Result<(), TraceReadError> {
        match length - self.payload.len() {
            0 => Ok(()),
            missing => Err(TraceReadError::Truncated {
                part,
                offset: self.offset,
                missing: missing as u64,
            }),
        }
    }
}

/// Checks a length that was read at `offset`.
fn check_length(
    length: u32,
    range: &RangeInclusive<usize>,
    offset: u64,
    part: TracePart,
) -> Result<usize, TraceReadError> {
    let fits = usize::try_from(length).ok();
    fits.filter(|length| range.contains(length))
        .ok_or_else(|| TraceReadError::Length {
            part,
            offset,
            length: u64::from(length),
            min: *range.start() as u64,
            max: *range.end() as u64,
        })
}
