//! Values to and from text, in VPP's own JSON convention.
//!
//! What this does is what `vpp_wire::json` does for generated code, in the same order
//! and with the same words in its errors.

mod fields;
mod hex;
mod names;
mod strings;
mod values;
mod write;

use std::io;

use serde::de::{DeserializeSeed, Deserializer};

use super::context::Context;
use super::cursor::Cursor;
use super::error::{CodecError, Place};
use super::value::Value;
use vpp_definitions::model::Message;

/// Writes the JSON of a payload that [`check`](super::check) accepted.
pub fn write(
    context: &Context<'_>,
    message: &Message,
    payload: &[u8],
    to: impl io::Write,
) -> Result<(), CodecError> {
    let shown = write::Fields {
        from: &Cursor::new(context, payload),
        message: Some(message),
        fields: &message.fields,
    };
    serde_json::to_writer(to, &shown).map_err(|error| failed(context, message, error))
}

/// The fields of a message from its JSON.
pub fn read(
    context: &Context<'_>,
    message: &Message,
    json: &str,
) -> Result<Vec<Value>, CodecError> {
    let seed = fields::Fields {
        context,
        message: Some(message),
        fields: &message.fields,
    };
    let Some(default) = super::default::fields(context, &message.fields) else {
        let message = message.name.clone();
        return Err(CodecError::TooLarge { message });
    };
    let mut from = serde_json::Deserializer::from_str(json);
    seed.over(default)
        .deserialize(&mut from)
        .and_then(|values| from.end().map(|()| values))
        .map_err(|error| failed(context, message, error))
}

fn failed(context: &Context<'_>, message: &Message, source: serde_json::Error) -> CodecError {
    CodecError::Json {
        place: Place::new(&message.name, context.failed_in.take()),
        source,
    }
}

/// Reads what a visitor takes, whatever it is.
fn any<'de, D: Deserializer<'de>, V: serde::de::Visitor<'de>>(
    from: D,
    visitor: V,
) -> Result<V::Value, D::Error> {
    from.deserialize_any(visitor)
}
