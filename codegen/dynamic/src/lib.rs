#![doc = include_str!("../README.md")]

mod check;
mod context;
mod cursor;
mod encode;
mod error;
mod integers;
mod json;
mod special;
mod value;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;

use context::Context;
pub use error::{CodecError, Fault, FieldPath};
pub use integers::Word;
use vpp_definitions::model::{Api, Kind, Message};
use vpp_definitions::{Error, Input, Options};

/// The header of a message to encode. A value that the message's layout lacks is ignored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Header {
    /// The message's number in VPP's message table.
    pub msg_id: u16,
    /// The client: `sockclnt_create_reply.index`.
    pub client_index: u32,
    /// The number of the call, chosen by the client and echoed by VPP.
    pub context: u32,
}

/// Encodes and decodes every message of a set of definitions.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use vpp_dynamic::{Codec, Header};
///
/// let codec = Codec::new(["/usr/share/vpp/api"])?;
/// let payload = codec.encode("memif_delete", r#"{"sw_if_index": 3}"#, Header::default())?;
/// assert_eq!(payload, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]);
/// let json = codec.decode("memif_delete", &payload)?;
/// assert_eq!(json, r#"{"_msgname":"memif_delete","_crc":"f9e6675e","sw_if_index":3}"#);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Codec {
    api: Api,
    element_counts: Vec<u64>,
    /// Module and index in it, by name. Several modules can have a message of the same name.
    messages: BTreeMap<String, Vec<(usize, usize)>>,
}

impl Codec {
    /// Reads the definitions `inputs`.
    ///
    /// # Errors
    /// As [`vpp_definitions::load`].
    pub fn new(inputs: impl IntoIterator<Item: Into<Input>>) -> Result<Self, Error> {
        let api = vpp_definitions::load(inputs, &Options::default())?.api;
        let mut messages: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
        for (module, definition) in api.modules.iter().enumerate() {
            for (index, message) in definition.messages.iter().enumerate() {
                let of_name = messages.entry(message.name.clone()).or_default();
                of_name.push((module, index));
            }
        }
        Ok(Self {
            element_counts: context::element_counts(&api),
            api,
            messages,
        })
    }

    /// The keys of all messages (`name_crc8hex`), sorted by name.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        let messages = self.messages.values().flatten();
        messages.filter_map(|index| self.at(*index)).map(key)
    }

    /// The CRC of a message, by its name.
    pub fn crc(&self, name: &str) -> Option<u32> {
        self.of_name(name).next().map(|message| message.crc)
    }

    /// Decodes a payload to JSON: `_msgname`, `_crc`, then the fields in the API's order.
    ///
    /// `message` is a name or a key. The message id, `client_index` and `context` are not
    /// checked. Bytes after the last field are ignored, as in VPP's own clients.
    ///
    /// # Memory
    /// A payload is checked before any text is written, so a hostile count costs nothing. The
    /// text of a valid payload can be much longer than the payload: two characters per byte of a
    /// `u8` array, six per element of a `bool` array, and the names of all fields per element
    /// of a struct array. [`decode_to`](Self::decode_to) does not hold it in memory.
    ///
    /// # Errors
    /// The message is not defined, or the bytes are not that message. The error names the
    /// message, field and offset.
    pub fn decode(&self, message: &str, payload: &[u8]) -> Result<String, CodecError> {
        let message = self.message(message)?;
        let context = self.context();
        check::message(&context, message, payload)?;
        // Large enough for most messages, and for the digits of a byte array.
        let mut text = Vec::with_capacity(2 * payload.len() + 256);
        json::write(&context, message, payload, &mut text)?;
        // serde_json writes only UTF-8.
        Ok(String::from_utf8(text).unwrap_or_default())
    }

    /// Writes the JSON that [`decode`](Self::decode) returns to `out`. Writes are small, so
    /// `out` should be buffered.
    ///
    /// Allocations do not grow with the payload. Nothing is written if the payload is invalid.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let codec = vpp_dynamic::Codec::new(["/usr/share/vpp/api"])?;
    /// let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    /// let payload = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3];
    /// codec.decode_to("memif_delete", &payload, &mut out)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`decode`](Self::decode), or [`CodecError::Json`] if `out` fails.
    pub fn decode_to(
        &self,
        message: &str,
        payload: &[u8],
        out: impl io::Write,
    ) -> Result<(), CodecError> {
        let message = self.message(message)?;
        let context = self.context();
        check::message(&context, message, payload)?;
        json::write(&context, message, payload, out)
    }

    /// Checks that a payload is the message, without decoding it.
    ///
    /// Allocations do not grow with the payload.
    ///
    /// # Errors
    /// As [`decode`](Self::decode), with the same error for the same payload.
    pub fn check(&self, message: &str, payload: &[u8]) -> Result<(), CodecError> {
        check::message(&self.context(), self.message(message)?, payload)
    }

    /// Calls `visit` with every `u32` of a payload, also those in structs, arrays and aliases, in
    /// the order of the bytes. Unions are skipped.
    ///
    /// # Errors
    /// As [`check`](Self::check). `visit` is not called then.
    pub fn for_each_word(
        &self,
        message: &str,
        payload: &[u8],
        visit: &mut dyn FnMut(Word<'_>),
    ) -> Result<(), CodecError> {
        let message = self.message(message)?;
        let context = self.context();
        check::message(&context, message, payload)?;
        integers::visit(&context, message, payload, visit);
        Ok(())
    }

    /// The definition of a message, by name or key.
    ///
    /// # Errors
    /// The message is not defined.
    pub fn definition(&self, message: &str) -> Result<&Message, CodecError> {
        self.message(message)
    }

    /// The definition of the reply that ends a call of a message, by name or key. `None` if the
    /// message is not defined or no reply ends it.
    pub fn reply_of(&self, message: &str) -> Option<&Message> {
        let message = self.message(message).ok()?;
        let (Kind::Request { reply, .. } | Kind::Get { reply, .. }) = message.kind else {
            return None;
        };
        let places = self.messages.get(&message.name)?;
        let is_this = |place: &&(usize, usize)| {
            self.at(**place)
                .is_some_and(|found| std::ptr::eq(found, message))
        };
        let (module, _) = *places.iter().find(is_this)?;
        self.at((module, reply))
    }

    /// Encodes JSON to the payload of a message: message id, header, fields.
    ///
    /// `message` is a name or a key. Missing fields have the API file's defaults, unknown fields
    /// are an error. `_msgname`, `_crc` and counts are optional and checked if present.
    ///
    /// # Errors
    /// The message is not defined, the text is not JSON or not the message, or an array is too
    /// long for its count field. The error names the message and field.
    pub fn encode(&self, message: &str, json: &str, header: Header) -> Result<Vec<u8>, CodecError> {
        let message = self.message(message)?;
        let context = self.context();
        let fields = json::read(&context, message, json)?;
        encode::message(&context, message, &fields, header)
    }

    fn context(&self) -> Context<'_> {
        Context::new(&self.api, &self.element_counts)
    }

    /// Finds a message by name or key.
    fn message(&self, wanted: &str) -> Result<&Message, CodecError> {
        if let Some(message) = self.of_name(wanted).next() {
            return Ok(message);
        }
        let (name, crc) = wanted.rsplit_once('_').unwrap_or((wanted, ""));
        let mut known = String::new();
        for message in self.of_name(name) {
            if format!("{:08x}", message.crc).eq_ignore_ascii_case(crc) {
                return Ok(message);
            }
            let separator = if known.is_empty() { "" } else { ", " };
            // Writing to a `String` is infallible.
            let _ = write!(known, "{separator}{:08x}", message.crc);
        }
        Err(if known.is_empty() {
            CodecError::UnknownMessage {
                message: wanted.to_owned(),
            }
        } else {
            CodecError::OtherCrc {
                message: name.to_owned(),
                wanted: crc.to_owned(),
                known,
            }
        })
    }

    fn of_name(&self, name: &str) -> impl Iterator<Item = &Message> {
        let indices = self.messages.get(name).into_iter().flatten();
        indices.filter_map(|index| self.at(*index))
    }

    fn at(&self, (module, index): (usize, usize)) -> Option<&Message> {
        self.api.modules.get(module)?.messages.get(index)
    }
}

fn key(message: &Message) -> String {
    format!("{}_{:08x}", message.name, message.crc)
}
