//! Counters and the paths that they have in the statistics segment.

use super::ast::{Counter, Counters};
use super::parser::{Parsed, Parser};

impl Parser<'_> {
    pub fn counters(&mut self) -> Parsed<Counters> {
        self.expect_word("counters")?;
        let name = self.name("a name")?;
        self.expect('{')?;
        let mut elements = Vec::new();
        while elements.is_empty() || !self.is('}') {
            elements.push(self.counter()?);
        }
        self.expect('}')?;
        self.expect(';')?;
        Ok(Counters { name, elements })
    }

    fn counter(&mut self) -> Parsed<Counter> {
        let name = self.name("a counter's name")?;
        self.expect('{')?;
        let mut facts: Vec<(&'static str, String)> = Vec::new();
        while facts.is_empty() || !self.is('}') {
            let (key, value) = self.fact()?;
            match facts.iter_mut().find(|(known, _)| *known == key) {
                Some((_, known)) => *known = value,
                None => facts.push((key, value)),
            }
        }
        self.expect('}')?;
        self.expect(';')?;
        Ok(Counter { name, facts })
    }

    fn fact(&mut self) -> Parsed<(&'static str, String)> {
        let (key, value) = if let Some((key, _)) = self.eat_word(&["severity", "type"]) {
            (key, self.name("a name")?)
        } else if let Some((key, _)) = self.eat_word(&["units", "description"]) {
            (key, self.text("a text in quotation marks")?)
        } else {
            let wanted = "`severity`, `type`, `units` or `description`";
            return Err(self.unexpected(wanted));
        };
        self.expect(';')?;
        Ok((key, value.text))
    }

    pub fn paths(&mut self) -> Parsed<Vec<(String, String)>> {
        self.expect_word("paths")?;
        self.expect('{')?;
        let mut paths = Vec::new();
        while paths.is_empty() || !self.is('}') {
            let path = self.text("a path in quotation marks")?;
            let counter = self.text("a counter's name in quotation marks")?;
            self.expect(';')?;
            paths.push((path.text, counter.text));
        }
        self.expect('}')?;
        self.expect(';')?;
        Ok(paths)
    }
}
