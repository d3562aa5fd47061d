use std::collections::HashMap;
use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::table::MessageTable;

/// The direction of a recorded message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the client to VPP.
    Sent,
    /// From VPP to the client.
    Received,
}

/// A recorded message.
#[derive(Clone)]
pub struct TracedMessage {
    pub(super) time: SystemTime,
    pub(super) direction: Direction,
    pub(super) payload: Arc<[u8]>,
    pub(super) table: Arc<MessageTable>,
}

impl TracedMessage {
    /// The time at which it was queued or arrived.
    #[must_use]
    pub fn time(&self) -> SystemTime {
        self.time
    }

    /// Who sent it.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// The message as on the wire. It starts with the message number of its connection.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The key of the message: name, `_`, CRC in 8 hex digits. `None` if the table of its
    /// connection does not have its number.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.table.key(self.id())
    }

    pub(super) fn id(&self) -> u16 {
        let id = self.payload.first_chunk().copied().unwrap_or_default();
        u16::from_be_bytes(id)
    }
}

impl fmt::Debug for TracedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracedMessage")
            .field("time", &self.time)
            .field("direction", &self.direction)
            .field("key", &self.key())
            .field("bytes", &self.payload.len())
            .finish()
    }
}

/// The recorded messages of a client at one time, the oldest first.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    pub(super) messages: Vec<TracedMessage>,
    pub(super) dropped: u64,
    /// The table of the latest connection.
    pub(super) table: Arc<MessageTable>,
}

impl Trace {
    /// The messages, the oldest first.
    #[must_use]
    pub fn messages(&self) -> &[TracedMessage] {
        &self.messages
    }

    /// How many messages were not kept, because of the limits of
    /// [`TraceOptions`](super::TraceOptions).
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Writes one JSON object per line. `decode` returns the JSON object of a message by its key
    /// and payload; usually it asks the registry of the bindings. A message for which it returns
    /// nothing is written as hex, with name and CRC.
    ///
    /// Each object begins with `_time`, in seconds since 1970, and `_direction`, `sent` or
    /// `received`. The rest is the JSON of VPP's `api trace save-json`.
    ///
    /// ```no_run
    /// # use vpp_client::wire::registry::Registry;
    /// # static REGISTRY: Registry = Registry::new(&[]);
    /// # fn from_payload(_: &vpp_client::wire::registry::Entry, _: &[u8]) -> Option<String> { None }
    /// # fn example(client: vpp_client::Client) -> std::io::Result<()> {
    /// let trace = client.trace().unwrap_or_default();
    /// trace.write_json_lines(std::io::stdout().lock(), |key, payload| {
    ///     // With vpp-bindings' features `registry` and `serde`:
    ///     // (vpp_bindings::REGISTRY.get(key)?.json?.from_payload)(payload).ok()
    ///     from_payload(REGISTRY.get(key)?, payload)
    /// })
    /// # }
    /// ```
    ///
    /// # Errors
    /// The destination fails.
    pub fn write_json_lines(
        &self,
        to: impl Write,
        mut decode: impl FnMut(&str, &[u8]) -> Option<String>,
    ) -> io::Result<()> {
        let mut to = io::BufWriter::new(to);
        let mut keys = Keys::default();
        for message in &self.messages {
            let time = message.time.duration_since(UNIX_EPOCH).unwrap_or_default();
            let direction = match message.direction {
                Direction::Sent => "sent",
                Direction::Received => "received",
            };
            let (seconds, micros) = (time.as_secs(), time.subsec_micros());
            write!(
                to,
                "{{\"_time\":{seconds}.{micros:06},\"_direction\":\"{direction}\","
            )?;
            let key = keys.of(message);
            let json = key.and_then(|key| decode(key, &message.payload));
            match json.as_deref().and_then(|json| json.strip_prefix('{')) {
                Some(rest) => writeln!(to, "{rest}")?,
                None => write_hex(&mut to, key, message)?,
            }
        }
        to.flush()
    }
}

fn write_hex(to: &mut impl Write, key: Option<&str>, message: &TracedMessage) -> io::Result<()> {
    match key {
        Some(key) => {
            let (name, crc) = key.rsplit_once('_').unwrap_or((key, ""));
            let (name, crc) = (json_text(name), json_text(crc));
            write!(to, "\"_msgname\":\"{name}\",\"_crc\":\"{crc}\",")?;
        }
        None => write!(to, "\"_msg_id\":{},", message.id())?,
    }
    to.write_all(b"\"_hex\":\"")?;
    for byte in &*message.payload {
        write!(to, "{byte:02x}")?;
    }
    to.write_all(b"\"}\n")
}

/// The content of a JSON string. API names have no character that JSON escapes.
fn json_text(name: &str) -> String {
    let is_plain = |c: char| !c.is_control() && c != '"' && c != '\\';
    name.replace(|c| !is_plain(c), "?")
}

/// Looks up keys by number, in maps that are built once per table.
#[derive(Default)]
pub(super) struct Keys<'a>(HashMap<*const MessageTable, HashMap<u16, &'a str>>);

impl<'a> Keys<'a> {
    pub(super) fn of(&mut self, message: &'a TracedMessage) -> Option<&'a str> {
        let table = self.0.entry(Arc::as_ptr(&message.table));
        let table =
            table.or_insert_with(|| message.table.iter().map(|(key, id)| (id, key)).collect());
        table.get(&message.id()).copied()
    }
}
