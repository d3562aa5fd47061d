//! Enums and flags.

use super::ast::{Enum, Enumerator};
use super::parser::{Parsed, Parser};

/// What an enum can be on the wire; flags have no sign.
pub const WIRES: &[&str] = &["u8", "u16", "u32", "i8", "i16", "i32"];

impl Parser<'_> {
    pub fn enumeration(&mut self) -> Parsed<Enum> {
        let is_flags = self.eat_word(&["enumflag"]).is_some();
        if !is_flags {
            self.expect_word("enum")?;
        }
        let name = self.name("an enum's name")?;
        let wire = if self.eat(':') {
            let wires = if is_flags { &WIRES[..3] } else { WIRES };
            match self.eat_word(wires) {
                Some((wire, _)) => wire,
                None => return Err(self.unexpected(&format!("one of {}", wires.join(", ")))),
            }
        } else {
            "u32"
        };
        self.expect('{')?;
        let mut values = Vec::new();
        while values.is_empty() || !self.is('}') {
            values.push(self.enumerator()?);
        }
        self.expect('}')?;
        self.expect(';')?;
        Ok(Enum {
            name,
            is_flags,
            wire,
            values,
        })
    }

    fn enumerator(&mut self) -> Parsed<Enumerator> {
        let name = self.name("an enumerator's name")?;
        let value = if self.eat('=') {
            let number = self.number();
            Some(number.ok_or_else(|| self.unexpected("a number"))?)
        } else {
            None
        };
        let options = if self.eat('[') {
            self.options("an option's name")?
        } else {
            Vec::new()
        };
        self.expect(',')?;
        let mut names = options.iter().map(|option| option.name.as_str());
        let is_compatible = names.any(|name| name == "backwards_compatible");
        Ok(Enumerator {
            name,
            value,
            is_compatible,
        })
    }
}
