//! Completes messages; `services` relates them.

use std::collections::BTreeSet;

use super::fields::{self, LookUp};
use super::outline::{MessageOutline, ModuleOutline};
use super::scope::Scope;
use super::{derives, headers};
use crate::Error;
use crate::docs;
use crate::error::Problem;
use crate::model::{Kind, Message};
use crate::schema;

/// The messages of a module.
///
/// # Errors
/// A message that is defined twice and differently, a CRC that is missing, and the errors of
/// the fields.
pub fn complete(
    types: &mut impl LookUp,
    module: &ModuleOutline<'_>,
) -> Result<Vec<Message>, Error> {
    let mut seen = BTreeSet::new();
    let mut messages = Vec::new();
    for outline in &module.messages {
        let name = &outline.definition.name;
        if !seen.insert(name) {
            return Err(Error::ConflictingMessage {
                file: module.file.clone(),
                name: name.clone(),
            });
        }
        messages.push(message(types, module, outline)?);
    }
    Ok(messages)
}

fn message(
    types: &mut impl LookUp,
    module: &ModuleOutline<'_>,
    outline: &MessageOutline<'_>,
) -> Result<Message, Error> {
    let definition = outline.definition;
    let scope = Scope {
        file: &module.file,
        definition: &definition.name,
        module,
    };
    scope.check_name(&definition.name)?;
    let mut fields = fields::complete(types, &scope, without_id(&definition.fields, &scope)?)?;
    let header = headers::strip(&mut fields, types.complete_types());
    let size = fields::size(&fields, types.complete_types(), &scope)?;
    let text = types.docs().text(&definition.name);
    Ok(Message {
        name: definition.name.clone(),
        rust: outline.rust.clone(),
        crc: crc(definition, &scope)?,
        doc: docs::message(text, definition),
        example: types.docs().example(&definition.name).map(str::to_owned),
        deprecation: docs::deprecation(&definition.meta.options),
        successor: None,
        derives: derives::of_message(&fields, types.complete_types()),
        fields,
        header,
        kind: Kind::Passive,
        answers: Vec::new(),
        reply: None,
        event: None,
        size,
        emitted: true,
    })
}

/// The fields after `_vl_msg_id`, which is not part of the Rust struct.
fn without_id<'a>(
    fields: &'a [schema::Field],
    scope: &Scope<'_>,
) -> Result<&'a [schema::Field], Error> {
    match fields {
        [first, rest @ ..] if first.name == "_vl_msg_id" => {
            let is_single = first.length.is_none() && first.count.is_none();
            if first.type_name == "u16" && is_single {
                Ok(rest)
            } else {
                Err(scope.error(Problem::MessageId))
            }
        }
        _ => Ok(fields),
    }
}

fn crc(definition: &schema::Definition, scope: &Scope<'_>) -> Result<u32, Error> {
    let text = definition.meta.crc.clone().unwrap_or_default();
    let digits = text.strip_prefix("0x").unwrap_or(&text);
    u32::from_str_radix(digits, 16).map_err(|_| scope.error(Problem::Crc(text.clone())))
}
