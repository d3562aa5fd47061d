//! Reads and writes the trace files of VPP's API (`api trace save`, post-mortem files).
//!
//! A file has a header, the message table of the VPP that recorded it, and one record per
//! message. A record is the payload of a frame, with the message number of that VPP. A file has
//! no times, directions or client names.
//!
//! ```
//! use vpp_wire::trace::{TraceReader, TraceTable, TraceWriter};
//!
//! let table: TraceTable = [(23, "control_ping_51077d14".to_owned())].into_iter().collect();
//! let mut writer = TraceWriter::new(Vec::new(), &table, 1, false)?;
//! writer.record(&[0, 23, 0, 0, 0, 0, 0, 0, 0, 7])?;
//! let file = writer.finish()?;
//!
//! let mut reader = TraceReader::new(&file[..])?;
//! let record = reader.next_record()?.expect("the file has one record");
//! assert_eq!((record.index, record.id), (0, 23));
//! assert_eq!(reader.table().key(23), Some("control_ping_51077d14"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The format is the same in VPP 22.10 and 26.06 (`src/vlibapi/api_shared.c`,
//! `vl_msg_api_trace_save`; `src/vppinfra/serialize.h`).

mod error;
mod reader;
mod table;
mod varint;
mod writer;

pub use error::{TracePart, TraceReadError};
pub use reader::{TraceReader, TraceRecord};
pub use table::TraceTable;
pub use writer::{TraceWriteError, TraceWriter};

/// The maximum size of the message table in a file: 16 MiB. VPP 26.06 with all plugins writes
/// about 100 KiB.
pub const MAX_TABLE: usize = 16 << 20;

/// The size of the header: the number of records and the size of the message table as big-endian
/// u32, and a byte that is 1 if the ring has dropped old records.
const HEADER_SIZE: usize = 9;

#[cfg(test)]
mod tests;
