//! Lists messages, one line per message.

use std::fmt;

use vpp_definitions::model::{Api, Field, Kind, Message, Module, Role, Shape, Type};
use vpp_definitions::{Error, Input, Options};

/// A message, displayed as one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageLine {
    /// The module's name.
    pub module: String,
    /// The message's name.
    pub name: String,
    /// The CRC of its definition.
    pub crc: u32,
    /// `request`, `dump`, `get`, `one-way`, `reply`, `event` or `other`.
    pub kind: &'static str,
    /// The name of its reply or details.
    pub answer: Option<String>,
    /// Its fields with their types, as in the API language.
    pub fields: String,
}

impl fmt::Display for MessageLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = self.answer.as_deref().unwrap_or("-");
        let Self {
            name,
            crc,
            kind,
            fields,
            ..
        } = self;
        write!(f, "{name} {crc:08x} {kind} {answer} ({fields})")
    }
}

/// Lists the messages of the definitions in `inputs`, sorted by module, then in the order of the
/// file.
///
/// # Errors
/// As [`vpp_definitions::load`].
pub fn list(inputs: impl IntoIterator<Item: Into<Input>>) -> Result<Vec<MessageLine>, Error> {
    let api = vpp_definitions::load(inputs, &Options::default())?.api;
    let of_module = |module: &Module| -> Vec<MessageLine> {
        let lines = module
            .messages
            .iter()
            .map(|message| line(&api, module, message));
        lines.collect()
    };
    Ok(api.modules.iter().flat_map(of_module).collect())
}

fn line(api: &Api, module: &Module, message: &Message) -> MessageLine {
    let name = |index: usize| Some(module.messages[index].name.clone());
    let (kind, answer) = match &message.kind {
        Kind::Request { reply, .. } => ("request", name(*reply)),
        Kind::Dump { details, .. } => ("dump", name(*details)),
        Kind::Get { details, .. } => ("get", name(*details)),
        Kind::OneWay => ("one-way", None),
        Kind::Passive if message.reply.is_some() => ("reply", None),
        Kind::Passive if message.event.is_some() => ("event", None),
        Kind::Passive => ("other", None),
    };
    let fields = message
        .fields
        .iter()
        .filter(|field| field.role != Role::Header)
        .map(|field| field_text(api, &message.fields, field));
    MessageLine {
        module: module.name.clone(),
        name: message.name.clone(),
        crc: message.crc,
        kind,
        answer,
        fields: fields.collect::<Vec<_>>().join(", "),
    }
}

fn field_text(api: &Api, fields: &[Field], field: &Field) -> String {
    let ty = match &field.ty {
        Type::Scalar(scalar) => scalar.name(),
        Type::Text => "string",
        Type::Named(id) => &api.types[*id].name,
    };
    let name = &field.name;
    match &field.shape {
        Shape::One if field.ty == Type::Text => format!("{ty} {name}[]"),
        Shape::One => format!("{ty} {name}"),
        Shape::Array(length) => format!("{ty} {name}[{length}]"),
        Shape::Counted(count) => format!("{ty} {name}[{}]", fields[*count].name),
        Shape::Rest => format!("{ty} {name}[]"),
    }
}
