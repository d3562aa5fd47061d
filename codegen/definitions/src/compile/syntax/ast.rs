//! A parsed file. Only its grammar is checked.

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
    /// A definition that did not parse. Definitions that use it get no error.
    Broken {
        name: Option<String>,
    },
}

/// A message, struct or union.
#[derive(Debug)]
pub struct Block {
    pub name: Name,
    pub flags: Vec<(&'static str, Span)>,
    /// The position of `define`, `typedef` or `union`.
    pub keyword: Span,
    pub members: Vec<Member>,
}

impl Block {
    pub fn has_flag(&self, flag: &str) -> bool {
        self.flags.iter().any(|(name, _)| *name == flag)
    }

    pub fn fields(&self) -> impl DoubleEndedIterator<Item = &Field> {
        self.members.iter().filter_map(|member| match member {
            Member::Field(field) => Some(field),
            Member::Option(_) => None,
        })
    }
}

#[derive(Debug)]
pub enum Member {
    Field(Field),
    Option(OptionItem),
}

#[derive(Debug)]
pub struct Field {
    pub ty: Name,
    /// Whether the type is a name, as opposed to a reserved word.
    pub is_named: bool,
    pub name: Name,
    pub dimension: Dimension,
}

/// Whether a field is an array, and its length.
#[derive(Debug)]
pub enum Dimension {
    Scalar(Options),
    /// `[]`
    Open(Span),
    /// `[4]`
    Fixed(Number),
    /// `[count]`
    Counted(Name),
}

impl Field {
    /// The length of an array and the name of its count field; `None` if it is not an array.
    pub fn array(&self) -> Option<(Number, Option<&str>)> {
        match &self.dimension {
            Dimension::Scalar(_) => None,
            Dimension::Open(_) => Some((Number::ZERO, None)),
            Dimension::Fixed(length) => Some((*length, None)),
            Dimension::Counted(count) => Some((Number::ZERO, Some(&count.text))),
        }
    }

    pub fn options(&self) -> &[FieldOption] {
        match &self.dimension {
            Dimension::Scalar(options) => options,
            _ => &[],
        }
    }

    pub fn option(&self, name: &str) -> Option<&FieldOption> {
        self.options().iter().find(|option| option.name == name)
    }
}

/// Options in brackets. If a name is repeated, only the last one is kept.
pub type Options = Vec<FieldOption>;

/// An option of a field or enumerator.
#[derive(Debug)]
pub struct FieldOption {
    pub name: String,
    pub value: Value,
    /// The position of the name and the value.
    pub span: Span,
}

/// The value of an option.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    None,
    /// `false`. `true` is a text.
    False,
    Number(Number),
    Text(String),
}

#[derive(Debug)]
pub struct OptionItem {
    pub name: Name,
    pub value: Value,
    /// The position of the whole statement, from `option` to `;`.
    pub span: Span,
}

#[derive(Debug)]
pub struct Enum {
    pub name: Name,
    pub is_flags: bool,
    /// The integer type on the wire.
    pub wire: &'static str,
    pub values: Vec<Enumerator>,
}

#[derive(Debug)]
pub struct Enumerator {
    pub name: Name,
    pub value: Option<(Number, Span)>,
    /// Whether it is `backwards_compatible`: CRCs leave it out, so that VPP and clients of
    /// different versions have the same CRCs.
    pub is_compatible: bool,
}

#[derive(Debug)]
pub struct Rpc {
    pub caller: Name,
    /// `None` for `null`.
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
    /// `severity`, `type`, `units` and `description`. If one is repeated, the last is kept.
    pub facts: Vec<(&'static str, String)>,
}
