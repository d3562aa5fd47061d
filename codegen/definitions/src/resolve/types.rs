//! Every type name becomes the type that it names.

use std::collections::BTreeMap;

use crate::Error;
use crate::error::Problem;
use crate::model::{Api, Module, Type, TypeId, TypeShape};
use crate::names;

/// Looks up the fields of all types and messages.
///
/// # Errors
/// An unknown type, with the imports that could have defined it; a name that is not an
/// identifier.
pub fn look_up(api: &mut Api, known: &BTreeMap<String, TypeId>) -> Result<(), Error> {
    let present: Vec<String> = api
        .modules
        .iter()
        .map(|module| module.name.clone())
        .collect();
    for type_def in &mut api.types {
        let module = &api.modules[type_def.module];
        let name = type_def.name.clone();
        check_name(module, &name, &name)?;
        if let TypeShape::Enum(definition) | TypeShape::Flags(definition) = &type_def.shape {
            for constant in &definition.constants {
                check_name(module, &name, &constant.name)?;
            }
        }
        for field in type_def.fields_mut() {
            if field.name != "0" {
                check_name(module, &name, &field.name)?;
            }
            look_up_one(&mut field.ty, known)
                .map_err(|missing| unknown(module, &present, &name, &field.name, missing))?;
        }
    }
    for module in &mut api.modules {
        let mut messages = std::mem::take(&mut module.messages);
        for message in &mut messages {
            check_name(module, &message.name, &message.name)?;
            for field in &mut message.fields {
                check_name(module, &message.name, &field.name)?;
                look_up_one(&mut field.ty, known).map_err(|missing| {
                    unknown(module, &present, &message.name, &field.name, missing)
                })?;
            }
        }
        module.messages = messages;
    }
    Ok(())
}

fn look_up_one(ty: &mut Type, known: &BTreeMap<String, TypeId>) -> Result<(), String> {
    if let Type::Unresolved(name) = ty {
        match known.get(name.as_str()) {
            Some(id) => *ty = Type::Named(*id),
            None => return Err(std::mem::take(name)),
        }
    }
    Ok(())
}

fn check_name(module: &Module, definition: &str, name: &str) -> Result<(), Error> {
    if names::is_identifier(name) {
        return Ok(());
    }
    let problem = Problem::Name(name.to_owned());
    Err(Error::at(&module.file, definition, None, problem))
}

fn unknown(
    module: &Module,
    present: &[String],
    definition: &str,
    field: &str,
    name: String,
) -> Error {
    let absent: Vec<&str> = module
        .imports
        .iter()
        .filter(|import| !present.contains(import))
        .map(String::as_str)
        .collect();
    let problem = if absent.is_empty() {
        Problem::UnknownType(name)
    } else {
        Problem::MissingImport {
            name,
            missing: absent.join(", "),
        }
    };
    Error::at(&module.file, definition, Some(field), problem)
}
