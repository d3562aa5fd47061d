//! A file as it stands: nothing looked up, nothing checked but the grammar.

use crate::compile::number::Number;
use crate::compile::source::{Name, Span};

#[derive(Debug)]
pub enum Item {
    Comment(Span),
    Define(Block),
    Struct(Block),
    Union(Block),
    Alias(Field),
    Enum(Enum),
    Option(OptionItem),
    Import(Name),
    Service(Vec<Rpc>),
    Counters(Counters),
    Paths(Vec<(String, String)>),
    /// What did not parse; nothing that names it is reported.
    Broken {
        name: Option<String>,
    },
}

/// A message, struct or union.
#[derive(Debug)]
pub struct Block {
    pub name: Name,
    pub flags: Vec<(&'static str, Span)>,
    /// The word `define`, `typedef` or `union`.
    pub keyword: Span,
    pub entries: Vec<Entry>,
}

impl Block {
    pub fn has_flag(&self, flag: &str) -> bool {
        self.flags.iter().any(|(name, _)| *name == flag)
    }

    pub fn fields(&self) -> impl DoubleEndedIterator<Item = &Field> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Field(field) => Some(field),
            Entry::Option(_) => None,
        })
    }
}

#[derive(Debug)]
pub enum Entry {
    Field(Field),
    Option(OptionItem),
}

#[derive(Debug)]
pub struct Field {
    pub ty: Name,
    /// Whether the type is a name, as opposed to a word of the language.
    pub is_named: bool,
    pub name: Name,
    pub shape: Shape,
}

#[derive(Debug)]
pub enum Shape {
    Scalar(Options),
    /// `[]`
    Open(Span),
    /// `[4]`
    Fixed(Number),
    /// `[count]`
    Counted(Name),
}

impl Field {
    /// The length of an array and the field that counts it; nothing where it is none.
    pub fn array(&self) -> Option<(Number, Option<&str>)> {
        match &self.shape {
            Shape::Scalar(_) => None,
            Shape::Open(_) => Some((Number::ZERO, None)),
            Shape::Fixed(length) => Some((*length, None)),
            Shape::Counted(count) => Some((Number::ZERO, Some(&count.text))),
        }
    }

    pub fn options(&self) -> &[FieldOption] {
        match &self.shape {
            Shape::Scalar(options) => options,
            _ => &[],
        }
    }

    pub fn option(&self, name: &str) -> Option<&FieldOption> {
        self.options().iter().find(|option| option.name == name)
    }
}

/// Options in brackets, the last of each name.
pub type Options = Vec<FieldOption>;

/// An option of a field or enumerator.
#[derive(Debug)]
pub struct FieldOption {
    pub name: String,
    pub value: Value,
    /// The name and the value.
    pub span: Span,
}

/// The value of an option; nothing where it has none.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    None,
    /// `false`; `true` is a text.
    False,
    Number(Number),
    Text(String),
}

#[derive(Debug)]
pub struct OptionItem {
    pub name: Name,
    pub value: Value,
    /// All of it, `option` to `;`.
    pub span: Span,
}

#[derive(Debug)]
pub struct Enum {
    pub name: Name,
    pub is_flags: bool,
    /// What it is on the wire.
    pub wire: &'static str,
    pub values: Vec<Enumerator>,
}

#[derive(Debug)]
pub struct Enumerator {
    pub name: Name,
    pub value: Option<(Number, Span)>,
    /// Left out of the CRC, so that older and newer peers agree.
    pub is_compatible: bool,
}

#[derive(Debug)]
pub struct Rpc {
    pub caller: Name,
    /// Nothing for `null`.
    pub reply: Option<Name>,
    pub stream: bool,
    pub stream_message: Option<Name>,
    pub events: Vec<Name>,
}

#[derive(Debug)]
pub struct Counters {
    pub name: Name,
    pub elements: Vec<Counter>,
}

#[derive(Debug)]
pub struct Counter {
    pub name: Name,
    /// `severity`, `type`, `units` and `description`, the last of each.
    pub facts: Vec<(&'static str, String)>,
}
