//! Decodes payloads by message name and CRC.

use std::fmt::{self, Debug};

use crate::{DecodeError, Header, Layout, Message, decode_payload};

pub use crate::any_message::AnyMessage;

/// A message decoded by [`Entry::decode`].
pub type Decoded = (Header, Box<dyn AnyMessage>);

/// One message of a [`Registry`].
pub struct Entry {
    /// The API name.
    pub name: &'static str,
    /// The CRC of the definition.
    pub crc: u32,
    /// The key in VPP's message table.
    pub key: &'static str,
    /// The offsets of `client_index` and `context`.
    pub layout: Layout,
    /// Decodes a payload.
    pub decode: fn(&[u8]) -> Result<Decoded, DecodeError>,
    /// The conversion to and from VPP's JSON, if the bindings were generated with serde.
    #[cfg(feature = "serde")]
    pub json: Option<crate::json::Convert>,
}

impl Entry {
    /// The entry for `M`, without JSON.
    #[must_use]
    pub const fn of<M: Message>() -> Self {
        Self {
            name: M::NAME,
            crc: M::CRC,
            key: M::KEY,
            layout: M::LAYOUT,
            decode: decode::<M>,
            #[cfg(feature = "serde")]
            json: None,
        }
    }

    /// The entry for `M`, with JSON.
    #[cfg(feature = "serde")]
    #[must_use]
    pub const fn with_json<M: Message + serde::Serialize + serde::de::DeserializeOwned>() -> Self {
        Self {
            json: Some(crate::json::Convert::of::<M>()),
            ..Self::of::<M>()
        }
    }
}

fn decode<M: Message>(payload: &[u8]) -> Result<Decoded, DecodeError> {
    let (header, message) = decode_payload::<M>(payload)?;
    Ok((header, Box::new(message)))
}

impl Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entry").field(&self.key).finish()
    }
}

/// All messages of a set of bindings.
#[derive(Debug, Clone, Copy)]
pub struct Registry(&'static [Entry]);

impl Registry {
    /// A registry of entries. They must be sorted by key.
    #[must_use]
    pub const fn new(entries: &'static [Entry]) -> Self {
        Self(entries)
    }

    /// Finds the message with this key: name, `_` and CRC in 8 hex digits.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'static Entry> {
        let at = self.0.binary_search_by(|entry| entry.key.cmp(key)).ok()?;
        self.0.get(at)
    }

    /// Finds the message with this name.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&'static Entry> {
        self.0.iter().find(|entry| entry.name == name)
    }

    /// All messages, sorted by key.
    #[must_use]
    pub fn entries(&self) -> &'static [Entry] {
        self.0
    }
}
