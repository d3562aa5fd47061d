//! Reads and writes VPP's own JSON convention.
//!
//! The functions do the same as `vpp_wire::json` does for generated code, in the same order and
//! with the same error texts.

mod fields;
mod hex;
mod names;
mod read;
mod strings;
mod write;

use std::io;

use serde::de::{DeserializeSeed, Deserializer};

use super::context::Context;
use super::cursor::Cursor;
use super::error::{CodecError, FieldPath};
use super::value::{Value, default_fields};
use read::ObjectSeed;
use vpp_definitions::model::Message;

/// Writes the JSON of a payload that [`check`](super::check) accepted.
pub fn write(
    context: &Context<'_>,
    message: &Message,
    payload: &[u8],
    to: impl io::Write,
) -> Result<(), CodecError> {
    let fields = write::Fields {
        from: &Cursor::new(context, payload),
        message: Some(message),
        fields: &message.fields,
    };
    serde_json::to_writer(to, &fields).map_err(|error| json_error(context, message, error))
}

/// Reads the fields of a message from its JSON.
pub fn read(
    context: &Context<'_>,
    message: &Message,
    json: &str,
) -> Result<Vec<Value>, CodecError> {
    let fields = fields::Fields {
        context,
        message: Some(message),
        fields: &message.fields,
    };
    let Some(defaults) = default_fields(context, &message.fields) else {
        let message = message.name.clone();
        return Err(CodecError::TooLarge { message });
    };
    let mut from = serde_json::Deserializer::from_str(json);
    ObjectSeed::with_defaults(fields, defaults)
        .deserialize(&mut from)
        .and_then(|values| from.end().map(|()| values))
        .map_err(|error| json_error(context, message, error))
}

fn json_error(context: &Context<'_>, message: &Message, source: serde_json::Error) -> CodecError {
    CodecError::Json {
        path: FieldPath::new(&message.name, context.failed_fields.take()),
        source,
    }
}

/// Reads any JSON value that the visitor accepts.
fn any<'de, D: Deserializer<'de>, V: serde::de::Visitor<'de>>(
    from: D,
    visitor: V,
) -> Result<V::Value, D::Error> {
    from.deserialize_any(visitor)
}

fn too_large<E: serde::de::Error>() -> E {
    E::custom("more values than fit any frame")
}
