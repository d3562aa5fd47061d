//! Messages, and the replies that nobody writes.

use super::types::Facts;
use crate::compile::source::{Name, Span};
use crate::compile::syntax::ast::{Block, Entry, Value};
use crate::crc::Text;

/// A message of the file itself.
#[derive(Debug)]
pub struct Message {
    /// Its name and where it is; a reply made by `autoreply` has the place of its request.
    pub name: Name,
    /// Which of the file's items it is; none for a reply made by `autoreply`.
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

/// The fields of a reply made by `autoreply`.
pub const REPLY: [(&str, &str); 2] = [("u32", "context"), ("i32", "retval")];

/// What `autoreply` puts behind a request: its options are the request's.
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

/// The last value of each option, in the order of the first.
fn options(block: &Block) -> Vec<(String, Value)> {
    let mut options: Vec<(String, Value)> = Vec::new();
    for entry in &block.entries {
        let Entry::Option(option) = entry else {
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
