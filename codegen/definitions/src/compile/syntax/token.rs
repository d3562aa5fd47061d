use crate::compile::number::Number;
use crate::compile::rule::Rule;
use crate::compile::source::Span;

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Name,
    /// A reserved word but `false`, which has a token of its own.
    Word(&'static str),
    /// A word with another meaning than its letters have: the boolean `false`.
    False,
    Number(Number),
    /// A string's value: without its quotation marks.
    Text(String),
    Comment,
    Punctuation(char),
    /// What is no token, and the rule that it breaks.
    Bad(Rule),
    End,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    pub kind: Kind,
    pub span: Span,
}

/// Every reserved word but `false`.
pub const RESERVED: &[&str] = &[
    "service",
    "rpc",
    "returns",
    "null",
    "stream",
    "events",
    "define",
    "typedef",
    "enum",
    "enumflag",
    "typeonly",
    "manual_print",
    "manual_endian",
    "dont_trace",
    "autoreply",
    "autoendian",
    "option",
    "u8",
    "u16",
    "u32",
    "u64",
    "i8",
    "i16",
    "i32",
    "i64",
    "f64",
    "bool",
    "string",
    "import",
    "true",
    "union",
    "counters",
    "paths",
    "units",
    "severity",
    "type",
    "description",
];
