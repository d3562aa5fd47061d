//! Messages to JSON and back by their definitions alone, without generated code.
//!
//! The codec walks the resolved model where generated code is compiled from it. Both
//! speak VPP's own JSON convention and agree byte for byte and text for text, errors
//! included: the tests run every message of the corpus through both.
//!
//! Decoding takes two passes over the payload and builds no values: [`check`] accepts or
//! refuses it, then [`json::write`] prints it through a [`cursor`]. Encoding reads JSON into
//! [`value`]s and prints those with [`encode`].

mod check;
mod context;
mod cursor;
mod default;
mod encode;
mod error;
mod json;
mod special;
mod value;
mod values;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;

use context::Context;
pub use error::{CodecError, Fault, Place};
use vpp_definitions::model::{Api, Message, Special};
use vpp_definitions::{Error, Input, Options};

/// The header of a message that is to be encoded; 0 where its layout has no place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Header {
    /// The number of the message in VPP's table.
    pub msg_id: u16,
    /// The client, as `sockclnt_create_reply.index` names it.
    pub client_index: u32,
    /// The call, chosen by the client and echoed by VPP.
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
    specials: Vec<Special>,
    values: Vec<u64>,
    /// Module and place in it, by name; a name that two modules have is there twice.
    messages: BTreeMap<String, Vec<(usize, usize)>>,
}

impl Codec {
    /// Reads the definitions `inputs`.
    ///
    /// # Errors
    /// As for generating them.
    pub fn new(inputs: impl IntoIterator<Item: Into<Input>>) -> Result<Self, Error> {
        let api = vpp_definitions::load(inputs, &Options::default())?.api;
        let mut messages: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
        for (module, definition) in api.modules.iter().enumerate() {
            for (place, message) in definition.messages.iter().enumerate() {
                let of_name = messages.entry(message.name.clone()).or_default();
                of_name.push((module, place));
            }
        }
        Ok(Self {
            specials: special::of_types(&api),
            values: values::of_types(&api),
            api,
            messages,
        })
    }

    /// The keys of all messages (`name_crc8hex`), sorted by name.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        let messages = self.messages.values().flatten();
        messages.filter_map(|place| self.at(*place)).map(key)
    }

    /// The CRC of a message, by its name.
    pub fn crc(&self, name: &str) -> Option<u32> {
        self.of_name(name).next().map(|message| message.crc)
    }

    /// The JSON of a payload: `_msgname`, `_crc`, then the fields in the API's order.
    ///
    /// `message` is a name or a key. The message id, `client_index` and `context` are not
    /// checked; bytes after the last field are ignored, as VPP's own clients do.
    ///
    /// # Memory
    /// A payload is checked before any text is written, so that a hostile count costs
    /// nothing. The text of a valid payload can be far longer than the payload: two
    /// characters per byte of a `u8` array, six per element of a `bool` array, and the names
    /// of all fields per element of a struct array. [`decode_to`](Self::decode_to) does not
    /// hold it in memory.
    ///
    /// # Errors
    /// The message is not defined, or the bytes are not that message; the error names
    /// message, field and offset.
    pub fn decode(&self, message: &str, payload: &[u8]) -> Result<String, CodecError> {
        let message = self.message(message)?;
        let context = self.context();
        check::message(&context, message, payload)?;
        // Enough for most messages, and for the digits of a byte array.
        let mut text = Vec::with_capacity(2 * payload.len() + 256);
        json::write(&context, message, payload, &mut text)?;
        // serde_json writes UTF-8 only.
        Ok(String::from_utf8(text).unwrap_or_default())
    }

    /// Writes the JSON that [`decode`](Self::decode) returns to `out`, in many small pieces:
    /// `out` should be buffered.
    ///
    /// Nothing is allocated that grows with the payload. Nothing is written unless the
    /// payload is valid.
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
    /// As for [`decode`](Self::decode); or [`CodecError::Json`] when `out` fails.
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
    /// Nothing is allocated that grows with the payload.
    ///
    /// # Errors
    /// As for [`decode`](Self::decode), with the same error for the same payload.
    pub fn check(&self, message: &str, payload: &[u8]) -> Result<(), CodecError> {
        check::message(&self.context(), self.message(message)?, payload)
    }

    /// The payload of a message from its JSON: message id, header, fields.
    ///
    /// `message` is a name or a key. Absent fields take the API file's defaults, unknown
    /// ones are refused; `_msgname`, `_crc` and counts are checked where they are present.
    ///
    /// # Errors
    /// A message that is not defined, JSON that is none or does not fit, or an array
    /// beyond its count; the error names message and field.
    pub fn encode(&self, message: &str, json: &str, header: Header) -> Result<Vec<u8>, CodecError> {
        let message = self.message(message)?;
        let context = self.context();
        let fields = json::read(&context, message, json)?;
        encode::message(&context, message, &fields, header)
    }

    fn context(&self) -> Context<'_> {
        Context::new(&self.api, &self.specials, &self.values)
    }

    /// The message of a name, or of a key.
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
            // Writing to a string meets no error.
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
        let places = self.messages.get(name).into_iter().flatten();
        places.filter_map(|place| self.at(*place))
    }

    fn at(&self, (module, place): (usize, usize)) -> Option<&Message> {
        self.api.modules.get(module)?.messages.get(place)
    }
}

fn key(message: &Message) -> String {
    format!("{}_{:08x}", message.name, message.crc)
}
