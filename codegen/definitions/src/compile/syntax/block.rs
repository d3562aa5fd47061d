//! Parses messages, structs, unions and aliases, and their fields.

use super::ast::{Block, Dimension, Field, FieldOption, Item, Member, Options, Value};
use super::lexer::Kind;
use super::parser::{Parsed, Parser};
use crate::compile::diagnostic::Fault;
use crate::compile::rule::Rule;
use crate::compile::source::{Name, Span};

type Flags = Vec<(&'static str, Span)>;

/// The reserved words that are types.
pub const SCALARS: &[&str] = &[
    "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f64", "bool", "string",
];

/// The reserved words that can be names of fields.
const FIELD_NAMES: &[&str] = &["type", "severity", "description", "counters", "paths"];

impl Parser<'_> {
    pub fn define(&mut self, flags: Flags) -> Parsed<Item> {
        if let Some((_, span)) = flags.iter().find(|(flag, _)| *flag == "typeonly") {
            let message = "a message cannot have the flag `typeonly`";
            return Err(Fault::new(Rule::TypeonlyDefine, *span, message)
                .note("use `typedef` to define a type"));
        }
        let keyword = self.expect_word("define")?;
        self.block(flags, keyword, "a message's name")
            .map(Item::Define)
    }

    pub fn union(&mut self, flags: Flags) -> Parsed<Item> {
        let keyword = self.expect_word("union")?;
        self.block(flags, keyword, "a union's name")
            .map(Item::Union)
    }

    /// Parses a struct, which has a body, or an alias, which has the form of a field.
    pub fn typedef(&mut self, flags: Flags) -> Parsed<Item> {
        let keyword = self.expect_word("typedef")?;
        let is_name = self.peek().kind == Kind::Name;
        if is_name && self.peek_second().kind == Kind::Punctuation('{') {
            let block = self.block(flags, keyword, "a type's name")?;
            return Ok(Item::Struct(block));
        }
        self.field().map(Item::Alias)
    }

    fn block(&mut self, flags: Flags, keyword: Span, what: &str) -> Parsed<Block> {
        let name = self.name(what)?;
        self.expect('{')?;
        let mut members = Vec::new();
        while members.is_empty() || !self.is('}') {
            let is_option = self.peek().kind == Kind::Word("option");
            let member = if is_option {
                self.option().map(Member::Option)
            } else {
                self.field().map(Member::Field)
            };
            members.push(member?);
        }
        self.expect('}')?;
        self.expect(';')?;
        Ok(Block {
            name,
            flags,
            keyword,
            members,
        })
    }

    fn field(&mut self) -> Parsed<Field> {
        let is_named = self.peek().kind == Kind::Name;
        let ty = match self.peek().kind {
            Kind::Name => self.any_name(),
            Kind::Word(word) if SCALARS.contains(&word) => self.any_name(),
            _ => return Err(self.unexpected("a type")),
        };
        let name = match self.peek().kind {
            Kind::Word(word) if FIELD_NAMES.contains(&word) => self.any_name(),
            _ => self.name("a field's name")?,
        };
        let dimension = self.dimension()?;
        self.expect(';')?;
        Ok(Field {
            ty,
            is_named,
            name,
            dimension,
        })
    }

    /// Parses the part after a field's name: nothing, a length, or options.
    ///
    /// A single name in brackets is a count field, not an option.
    fn dimension(&mut self) -> Parsed<Dimension> {
        if !self.is('[') {
            return Ok(Dimension::Scalar(Vec::new()));
        }
        let open = self.expect('[')?;
        if self.is(']') {
            return Ok(Dimension::Open(open.to(self.expect(']')?)));
        }
        if let Some((length, _)) = self.number() {
            self.expect(']')?;
            return Ok(Dimension::Fixed(length));
        }
        let is_name = self.peek().kind == Kind::Name;
        if is_name && self.peek_second().kind == Kind::Punctuation(']') {
            let count = self.any_name();
            self.expect(']')?;
            return Ok(Dimension::Counted(count));
        }
        self.options("a length or an option's name")
            .map(Dimension::Scalar)
    }

    /// Parses options up to `]`. A comma can follow an option with a value.
    pub fn options(&mut self, what: &str) -> Parsed<Options> {
        let mut options = Options::new();
        while options.is_empty() || !self.is(']') {
            let Name { text: name, span } = self.name(what)?;
            let mut option = FieldOption {
                name,
                value: Value::None,
                span,
            };
            if self.eat('=') {
                let end = self.peek().span;
                option.value = self.value()?;
                option.span = span.to(end);
                self.eat(',');
            }
            match options.iter_mut().find(|known| known.name == option.name) {
                Some(known) => *known = option,
                None => options.push(option),
            }
        }
        self.expect(']')?;
        Ok(options)
    }
}
