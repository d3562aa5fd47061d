use serde_json::Map;
use vpp_dynamic::{Codec, CodecError};
use vpp_wire::trace::{TraceRecord, TraceTable};

use super::classify::{is_request, never_sent};
use super::indices::Request;
use super::key::MessageName;
use super::kinds::{self, Number};

/// The largest payload whose arguments are compared with those of other requests.
const MAX_ARGUMENTS: usize = 1 << 16;

/// What a record of a trace is to a replay.
pub enum Step<'a> {
    /// A client sent it.
    Request(Sendable<'a>),
    /// VPP sent it.
    Answer(&'a str),
    /// The reply to a ping. The client's ping after a dump has the context of the dump, so that
    /// its reply ends the dump.
    PingReply,
    /// It is not sent, for this reason.
    Skipped(String),
}

/// A request that can be sent.
pub struct Sendable<'a> {
    pub key: &'a str,
    pub client_index_at: Option<u64>,
    pub context_at: Option<u64>,
    pub request: Request,
    /// The numbers of objects in its fields.
    pub numbers: Vec<Number>,
    /// The fields of its reply that number new objects.
    pub creates: Vec<Number>,
}

impl<'a> Step<'a> {
    /// Decides what a record is. No error: a record that cannot be sent is skipped.
    pub fn of(codec: &Codec, table: &'a TraceTable, record: &TraceRecord<'_>) -> Self {
        let Some(key) = table.key(record.id) else {
            return Self::Skipped("the trace's message table does not have its number".to_owned());
        };
        let name = MessageName::of_key(key).name;
        if name == "control_ping_reply" {
            return Self::PingReply;
        }
        if let Some(reason) = never_sent(name) {
            return Self::Skipped(reason.to_owned());
        }
        let definition = match codec.definition(key) {
            Ok(definition) => definition,
            Err(CodecError::OtherCrc { .. }) => {
                return Self::Skipped("the definitions have another CRC".to_owned());
            }
            Err(_) => return Self::Skipped("the definitions do not have it".to_owned()),
        };
        if !is_request(definition) {
            return Self::Answer(key);
        }
        let Ok(numbers) = kinds::numbers(codec, key, record.payload) else {
            return Self::Skipped("its bytes do not match its definition".to_owned());
        };
        let mut request = Request {
            name: name.to_owned(),
            arguments: Map::new(),
        };
        if kinds::may_create(name) || kinds::may_delete(name) {
            request.arguments = arguments(codec, key, record.payload);
        }
        let creates = if kinds::may_create(name) && request.is_add() {
            kinds::new_numbers(codec, key, &numbers)
        } else {
            Vec::new()
        };
        Self::Request(Sendable {
            key,
            client_index_at: definition.header.client_index,
            context_at: definition.header.context,
            request,
            numbers,
            creates,
        })
    }
}

impl Sendable<'_> {
    /// The numbers of objects in the fields, by kind.
    pub fn own_numbers(&self) -> Vec<(String, u32)> {
        let numbers = self.numbers.iter();
        numbers
            .map(|number| (number.kind.clone(), number.value))
            .collect()
    }
}

fn arguments(codec: &Codec, key: &str, payload: &[u8]) -> Map<String, serde_json::Value> {
    if payload.len() > MAX_ARGUMENTS {
        return Map::new();
    }
    let json = codec.decode(key, payload).unwrap_or_default();
    serde_json::from_str(&json).unwrap_or_default()
}
