//! Parses definitions without fields: enums, options, imports, services, counters and paths.

use super::ast::{Counter, Counters, Enum, Enumerator, Item, OptionItem, Rpc, Value};
use super::lexer::Kind;
use super::parser::{Parsed, Parser};
use crate::compile::diagnostic::Fault;
use crate::compile::rule::Rule;

const FLAGS: &[&str] = &[
    "manual_print",
    "manual_endian",
    "dont_trace",
    "typeonly",
    "autoendian",
    "autoreply",
];

/// The wire types of enums. Those of enumflags are unsigned.
pub const WIRES: &[&str] = &["u8", "u16", "u32", "i8", "i16", "i32"];

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

    /// Parses `option name;` or `option name = value;`.
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

    /// Parses the value of an option: a number, `true`, `false`, a string, a name or `type`.
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

    pub fn service(&mut self) -> Parsed<Item> {
        self.expect_word("service")?;
        self.expect('{')?;
        let mut rpcs = Vec::new();
        while rpcs.is_empty() || !self.is('}') {
            rpcs.push(self.rpc()?);
        }
        self.expect('}')?;
        self.expect(';')?;
        Ok(Item::Service(rpcs))
    }

    fn rpc(&mut self) -> Parsed<Rpc> {
        self.expect_word("rpc")?;
        let caller = self.name("the caller's name")?;
        self.expect_word("returns")?;
        let mut rpc = Rpc {
            caller,
            reply: None,
            stream: false,
            stream_message: None,
            events: Vec::new(),
        };
        if self.eat_word(&["null"]).is_none() {
            rpc.stream = self.eat_word(&["stream"]).is_some();
            rpc.reply = Some(self.name("a reply's name")?);
            if !rpc.stream {
                self.events_or_stream(&mut rpc)?;
            }
        }
        self.expect(';')?;
        match &rpc.reply {
            Some(reply) if reply.text == rpc.caller.text => {
                let message = format!("`{}` cannot be its own reply", reply.text);
                Err(Fault::new(Rule::ReplyIsCaller, reply.span, message))
            }
            _ => Ok(rpc),
        }
    }

    /// Parses the part after a single reply: nothing, events, or the message of a stream.
    fn events_or_stream(&mut self, rpc: &mut Rpc) -> Parsed<()> {
        if self.eat_word(&["events"]).is_some() {
            while rpc.events.is_empty() || self.peek().kind == Kind::Name {
                rpc.events.push(self.name("an event's name")?);
                self.eat(',');
            }
        } else if self.eat_word(&["stream"]).is_some() {
            rpc.stream = true;
            rpc.stream_message = Some(self.name("a message's name")?);
        }
        Ok(())
    }

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
