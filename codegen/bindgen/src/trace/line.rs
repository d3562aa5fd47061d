use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::json;
use vpp_dynamic::{Codec, CodecError};
use vpp_wire::trace::{TraceRecord, TraceTable};

use super::key::MessageName;
use super::text::TextWriter;

/// Writes records as lines.
pub struct LineWriter<'a> {
    codec: &'a Codec,
    /// Whether lines are text for people instead of JSON.
    is_text: bool,
    /// For each message without a definition, the reason and the number of records.
    undefined: BTreeMap<String, (String, u64)>,
}

/// What became of a record.
#[derive(Debug, PartialEq)]
pub enum Written {
    /// It was decoded, or has no definition and is hex.
    AsExpected,
    /// It has a definition that its bytes do not match, for this reason. It was written as hex.
    Undecodable(String),
}

impl<'a> LineWriter<'a> {
    pub fn new(codec: &'a Codec, is_text: bool) -> Self {
        Self {
            codec,
            is_text,
            undefined: BTreeMap::new(),
        }
    }

    /// Writes the line of a record.
    pub fn write(
        &mut self,
        table: &TraceTable,
        record: &TraceRecord<'_>,
        to: &mut impl Write,
    ) -> io::Result<Written> {
        let start = if self.is_text { "" } else { "{" };
        self.write_after(start, table, record, to)
    }

    /// Writes the line of a record after `start`: a sign for text, or the beginning of an object
    /// for JSON.
    pub fn write_after(
        &mut self,
        start: &str,
        table: &TraceTable,
        record: &TraceRecord<'_>,
        to: &mut impl Write,
    ) -> io::Result<Written> {
        to.write_all(start.as_bytes())?;
        let Some(key) = table.key(record.id) else {
            let key = format!("message number {}", record.id);
            self.note_undefined(&key, "the trace's message table does not have it");
            self.write_hex(record, None, to)?;
            return Ok(Written::AsExpected);
        };
        match self.codec.check(key, record.payload) {
            Ok(()) => {
                self.write_decoded(key, record, to)?;
                Ok(Written::AsExpected)
            }
            Err(error) => {
                let written = match error {
                    CodecError::UnknownMessage { .. } => {
                        self.note_undefined(key, "the definitions do not have it");
                        Written::AsExpected
                    }
                    CodecError::OtherCrc { known, .. } => {
                        self.note_undefined(key, &format!("the definitions have CRC {known}"));
                        Written::AsExpected
                    }
                    error => Written::Undecodable(error.to_string()),
                };
                self.write_hex(record, Some(MessageName::of_key(key)), to)?;
                Ok(written)
            }
        }
    }

    /// One warning per message without a definition.
    pub fn warnings(&self) -> impl Iterator<Item = String> {
        self.undefined.iter().map(|(key, (reason, count))| {
            let records = if *count == 1 { "record" } else { "records" };
            format!("{key}: {count} {records} printed as hex: {reason}")
        })
    }

    fn write_decoded(
        &self,
        key: &str,
        record: &TraceRecord<'_>,
        to: &mut impl Write,
    ) -> io::Result<()> {
        let payload = record.payload;
        if self.is_text {
            let MessageName { name, .. } = MessageName::of_key(key);
            write!(to, "{:>6}  {name}", record.index)?;
            let to = TextWriter::new(&mut *to, 2);
            self.codec.decode_to(key, payload, to).map_err(io_error)?;
        } else {
            write!(to, "\"_index\":{},", record.index)?;
            let to = WithoutFirstByte(&mut *to, true);
            self.codec.decode_to(key, payload, to).map_err(io_error)?;
        }
        writeln!(to)
    }

    fn write_hex(
        &self,
        record: &TraceRecord<'_>,
        name: Option<MessageName<'_>>,
        to: &mut impl Write,
    ) -> io::Result<()> {
        let index = record.index;
        match (self.is_text, name) {
            (true, Some(name)) => {
                // Names in a damaged table can have any characters.
                write!(to, "{index:>6}  {}  hex ", name.to_string().escape_debug())?;
            }
            (true, None) => write!(to, "{index:>6}  message number {}  hex ", record.id)?,
            (false, Some(MessageName { name, crc })) => {
                let (name, crc) = (json!(name), json!(crc));
                write!(
                    to,
                    "\"_index\":{index},\"_msgname\":{name},\"_crc\":{crc},\"_hex\":\""
                )?;
            }
            (false, None) => {
                let id = record.id;
                write!(to, "\"_index\":{index},\"_msg_id\":{id},\"_hex\":\"")?;
            }
        }
        for byte in record.payload {
            write!(to, "{byte:02x}")?;
        }
        writeln!(to, "{}", if self.is_text { "" } else { "\"}" })
    }

    fn note_undefined(&mut self, key: &str, reason: &str) {
        let known = self.undefined.get_mut(key);
        match known {
            Some((_, count)) => *count += 1,
            None => {
                let key = key.escape_debug().to_string();
                self.undefined.insert(key, (reason.to_owned(), 1));
            }
        }
    }
}

/// The error of the destination. The payload was checked before.
fn io_error(error: CodecError) -> io::Error {
    match error {
        CodecError::Json { source, .. } => source.into(),
        error => io::Error::other(error),
    }
}

/// Drops the first byte: the brace of an object whose first field is already written.
struct WithoutFirstByte<W>(W, bool);

impl<W: Write> Write for WithoutFirstByte<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.1 && !bytes.is_empty() {
            self.1 = false;
            return Ok(1);
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
