//! Messages, and the replies that `autoreply` adds.

use super::types::Facts;
use crate::compile::source::{Name, Span};
use crate::compile::syntax::ast::{Block, Member, Value};
use crate::crc::Text;

/// A message of the compiled file.
#[derive(Debug)]
pub struct Message {
    /// The name. A reply added by `autoreply` has the position of its request.
    pub name: Name,
    /// The index among the file's items; `None` for a reply added by `autoreply`.
    pub item: Option<usize>,
    pub options: Vec<(String, Value)>,
    pub crc: u32,
    pub comment: Option<Span>,
}

impl Message {
    pub fn new(block: &Block, item: usize, facts: &Facts, comment: Option<Span>) -> Self {
        Self {
            name: block.name.clone(),
            item: Some(item),
            options: options(block),
            crc: facts.folded.crc(),
            comment,
        }
    }
}

/// The fields of a reply added by `autoreply`.
pub const REPLY: [(&str, &str); 2] = [("u32", "context"), ("i32", "retval")];

/// The reply that `autoreply` adds after a request. It has the options of the request.
pub fn reply(request: &Block) -> Option<Message> {
    let mut text = Text::default();
    for (ty, name) in REPLY {
        text.field(ty, name);
    }
    let Name { text: name, span } = &request.name;
    Some(Message {
        name: Name {
            text: format!("{name}_reply"),
            span: *span,
        },
        item: None,
        options: options(request),
        crc: text.end().crc(),
        comment: None,
    })
}

/// The last value of each option, in the order of the first values.
fn options(block: &Block) -> Vec<(String, Value)> {
    let mut options: Vec<(String, Value)> = Vec::new();
    for member in &block.members {
        let Member::Option(option) = member else {
            continue;
        };
        let name = &option.name.text;
        match options.iter_mut().find(|(known, _)| known == name) {
            Some((_, value)) => value.clone_from(&option.value),
            None => options.push((name.clone(), option.value.clone())),
        }
    }
    options
}
