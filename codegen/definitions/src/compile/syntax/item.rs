//! What a file consists of.

use super::ast::{Item, OptionItem, Value};
use super::parser::{Parsed, Parser};
use super::token::Kind;

const FLAGS: &[&str] = &[
    "manual_print",
    "manual_endian",
    "dont_trace",
    "typeonly",
    "autoendian",
    "autoreply",
];

impl Parser<'_> {
    pub fn item(&mut self) -> Parsed<Item> {
        if self.raw().kind == Kind::Comment {
            return Ok(self.comment());
        }
        let mut flags = Vec::new();
        while let Some(flag) = self.eat_word(FLAGS) {
            flags.push(flag);
        }
        let Kind::Word(word) = self.peek().kind else {
            return Err(self.unexpected("a definition"));
        };
        match word {
            "define" => self.define(flags),
            "typedef" => self.typedef(flags),
            "union" => self.union(flags),
            _ if !flags.is_empty() => Err(self.unexpected("`define`, `typedef` or `union`")),
            "enum" | "enumflag" => self.enumeration().map(Item::Enum),
            "option" => self.option().map(Item::Option),
            "import" => self.import(),
            "service" => self.service(),
            "counters" => self.counters().map(Item::Counters),
            "paths" => self.paths().map(Item::Paths),
            _ => Err(self.unexpected("a definition")),
        }
    }

    fn import(&mut self) -> Parsed<Item> {
        self.expect_word("import")?;
        let file = self.text("the imported file in quotation marks")?;
        self.expect(';')?;
        Ok(Item::Import(file))
    }

    /// `option name;` or `option name = value;`
    pub fn option(&mut self) -> Parsed<OptionItem> {
        let word = self.expect_word("option")?;
        let name = self.name("an option's name")?;
        let value = if self.eat('=') {
            self.value()?
        } else {
            Value::None
        };
        let end = self.expect(';')?;
        let span = word.to(end);
        Ok(OptionItem { name, value, span })
    }

    /// What an option can be: a number, `true`, `false`, a string, a name or `type`.
    pub fn value(&mut self) -> Parsed<Value> {
        let value = match &self.peek().kind {
            Kind::False => Value::False,
            Kind::Number(number) => Value::Number(*number),
            Kind::Text(text) => Value::Text(text.clone()),
            Kind::Name | Kind::Word("true" | "type") => {
                return Ok(Value::Text(self.any_name().text));
            }
            _ => return Err(self.unexpected("a value")),
        };
        self.advance();
        Ok(value)
    }
}
