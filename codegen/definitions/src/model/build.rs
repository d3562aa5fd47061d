//! From the definitions of a file to the model: names and documentation are decided here.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    Declared, Derives, Field, Header, Kind, Message, Module, Role, Scalar, Shape, Size, Type,
};
use crate::docs;
use crate::load::Source;
use crate::names;
use crate::schema;

/// The module of one source, its types still inside: `resolve::imports` decides
/// which of them are its own.
pub fn module(source: &Source) -> Module {
    let file = &source.file;
    let rust = names::snake_name(&source.module);
    Module {
        name: source.module.clone(),
        rust,
        file: source.name.clone(),
        version: file
            .options
            .get("version")
            .and_then(Value::as_str)
            .map(str::to_owned),
        imports: file.imports.iter().map(|path| names::stem(path)).collect(),
        types: Vec::new(),
        messages: messages(file),
        extern_path: None,
        emitted: !source.is_import,
    }
}

/// The language lets a message stand twice; the second is nothing new where it is the same.
fn messages(file: &schema::File) -> Vec<Message> {
    let mut seen = BTreeMap::new();
    let new = file.messages.iter().filter(|definition| {
        let known = seen.insert(&definition.name, *definition);
        known.is_none_or(|known| known != *definition)
    });
    new.map(message).collect()
}

fn message(definition: &schema::Definition) -> Message {
    let options = &definition.meta.options;
    Message {
        name: definition.name.clone(),
        rust: names::type_name(&definition.name),
        crc_text: definition.meta.crc.clone().unwrap_or_default(),
        crc: 0,
        doc: docs::message(definition),
        deprecated: docs::deprecation(options),
        fields: fields(&definition.fields),
        header: Header::default(),
        kind: Kind::Passive,
        is_reply: false,
        is_event: false,
        size: Size::default(),
        derives: Derives::default(),
    }
}

/// The Rust names of fields are lower case and differ from each other.
pub fn fields(fields: &[schema::Field]) -> Vec<Field> {
    let mut taken = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let unique = |schema: &schema::Field| {
        let rust = names::unique(names::snake_name(&schema.name), &mut taken);
        let mut field = field(schema, rust);
        // The language lets two fields have one name; JSON has place for one of each.
        if !seen.insert(schema.name.clone()) {
            field.name.clone_from(&field.rust);
        }
        field
    };
    fields.iter().map(unique).collect()
}

fn field(schema: &schema::Field, rust: String) -> Field {
    let option = |name: &str| option_text(&schema.options, name);
    Field {
        name: schema.name.clone(),
        rust,
        ty: type_of(&schema.type_name),
        shape: match (schema.length, &schema.count) {
            (_, Some(count)) => Shape::Counted(count.clone()),
            (Some(0), None) => Shape::Rest,
            (Some(length), None) => Shape::Array(length),
            (None, None) => Shape::One,
        },
        role: Role::Value,
        default: schema.options.get("default").map(|declared| Declared {
            declared: declared.clone(),
            value: None,
        }),
        discriminator: option("discriminator"),
        case: option("case"),
    }
}

fn option_text(options: &BTreeMap<String, Value>, name: &str) -> Option<String> {
    options.get(name).and_then(Value::as_str).map(str::to_owned)
}

pub fn type_of(name: &str) -> Type {
    match Scalar::parse(name) {
        Some(scalar) => Type::Scalar(scalar),
        None if name == "string" => Type::Text,
        None => Type::Unresolved(api_type_name(name).to_owned()),
    }
}

/// `vl_api_address_t` → `address`; exactly one prefix and one suffix go.
fn api_type_name(name: &str) -> &str {
    name.strip_prefix("vl_api_")
        .and_then(|rest| rest.strip_suffix("_t"))
        .unwrap_or(name)
}
