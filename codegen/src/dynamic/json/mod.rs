//! Values to and from text, in VPP's own JSON convention.
//!
//! What this does is what `vpp_wire::json` does for generated code, in the same order
//! and with the same words in its errors.

mod fields;
mod names;
mod strings;
mod values;
mod write;

use serde::de::{DeserializeSeed, Deserializer};

use super::context::Context;
use super::error::{CodecError, Place};
use super::value::Value;
use crate::model::Message;

/// The JSON of a message's fields.
pub fn write(
    context: &Context<'_>,
    message: &Message,
    values: &[Value],
) -> Result<String, CodecError> {
    let shown = write::Fields {
        context,
        message: Some(message),
        fields: &message.fields,
        values,
    };
    serde_json::to_string(&shown).map_err(|error| failed(context, message, error))
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
