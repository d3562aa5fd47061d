use std::fmt;
use std::io;

/// The reason why a trace file cannot be read further.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TraceReadError {
    /// The file ends too early.
    #[error(
        "the file ends at offset {offset} in {part}: {missing} more bytes were expected; \
         it was cut off, or it is not an API trace"
    )]
    Truncated {
        /// The part that is incomplete.
        part: TracePart,
        /// The offset of the end of the file.
        offset: u64,
        /// The number of missing bytes of the part.
        missing: u64,
    },
    /// The file ends between records, before the number of records in its header.
    #[error(
        "the file ends at offset {offset} after {found} of {announced} records: it was cut off"
    )]
    MissingRecords {
        /// The offset of the end of the file.
        offset: u64,
        /// The number of records in the file.
        found: u32,
        /// The number of records in the header.
        announced: u32,
    },
    /// A length is out of range.
    #[error(
        "the length {length} of {part} at offset {offset} is out of range ({min} to {max}): \
         the file is damaged, or it is not an API trace"
    )]
    Length {
        /// The part with this length.
        part: TracePart,
        /// The offset of the length.
        offset: u64,
        /// The length in bytes.
        length: u64,
        /// The minimum.
        min: u64,
        /// The maximum.
        max: u64,
    },
    /// A message number in the table does not fit 16 bits.
    #[error(
        "the message number {id} at offset {offset} is out of range (0 to 65535): \
         the message table is damaged"
    )]
    MessageId {
        /// The offset of the entry.
        offset: u64,
        /// The number.
        id: u64,
    },
    /// The file has bytes after its last record.
    #[error(
        "the file continues at offset {offset} after its {announced} records: \
         the number of records in its header is wrong"
    )]
    TrailingBytes {
        /// The offset of the first byte after the last record.
        offset: u64,
        /// The number of records in the header.
        announced: u32,
    },
    /// The source failed.
    #[error("cannot read at offset {offset}: {source}")]
    Io {
        /// The offset of the first byte that was not read.
        offset: u64,
        /// The error of the source.
        source: io::Error,
    },
}

/// A part of a trace file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TracePart {
    /// The header of 9 bytes.
    Header,
    /// The message table.
    Table,
    /// The record with this index. The first record has index 0.
    Record(u32),
}

impl fmt::Display for TracePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header => f.write_str("the header"),
            Self::Table => f.write_str("the message table"),
            Self::Record(index) => write!(f, "record {index}"),
        }
    }
}
