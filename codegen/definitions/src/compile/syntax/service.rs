//! Which message answers which.

use super::ast::{Item, Rpc};
use super::parser::{Parsed, Parser};
use super::token::Kind;
use crate::compile::diagnostic::Fault;
use crate::compile::rule::Rule;

impl Parser<'_> {
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
                self.more(&mut rpc)?;
            }
        }
        self.expect(';')?;
        match &rpc.reply {
            Some(reply) if reply.text == rpc.caller.text => {
                let message = format!("`{}` cannot answer itself", reply.text);
                Err(Fault::new(Rule::ReplyIsCaller, reply.span, message))
            }
            _ => Ok(rpc),
        }
    }

    /// What may follow a single reply: events, or the message of a stream.
    fn more(&mut self, rpc: &mut Rpc) -> Parsed<()> {
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
}
