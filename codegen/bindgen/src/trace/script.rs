use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value, json};
use vpp_definitions::model::Kind;
use vpp_dynamic::Codec;
use vpp_wire::trace::{TraceRecord, TraceTable};

use super::indices::{Indices, Request};
use super::kinds::{self, Number};
use super::step::{Sendable, Step};

/// How many steps wait for the recorded answer of an earlier one. Beyond it, the oldest step is
/// written without its answer.
const MAX_WAITING: usize = 4096;

/// Turns the requests of a trace into the steps of a script for the simulator's tests.
pub struct Script<'a> {
    codec: &'a Codec,
    /// The replacement for the number of an object: `$NAME.FIELD`.
    indices: Indices<String>,
    has_answers: bool,
    /// Steps whose recorded answers follow, by context.
    pending: HashMap<u32, usize>,
    steps: Vec<Pending>,
    /// The number of steps that were returned.
    done: usize,
    pub skipped: BTreeMap<String, u64>,
}

/// A step of the script.
struct Pending {
    step: Map<String, Value>,
    request: Request,
    creates: Vec<Number>,
    numbers: Vec<(String, u32)>,
    name: String,
    is_complete: bool,
}

impl<'a> Script<'a> {
    pub fn new(codec: &'a Codec, has_answers: bool, interfaces: u32) -> Self {
        Self {
            codec,
            indices: Indices::new(interfaces),
            has_answers,
            pending: HashMap::new(),
            steps: Vec::new(),
            done: 0,
            skipped: BTreeMap::new(),
        }
    }

    /// Adds a record. Returns the steps that are complete, in order.
    pub fn record(&mut self, table: &TraceTable, record: &TraceRecord<'_>) -> Vec<Value> {
        match Step::of(self.codec, table, record) {
            Step::Request(step) => self.request(step, record),
            Step::Answer(key) => self.answer(key, record.payload),
            Step::PingReply => self.end(word_at(record.payload, Some(2))),
            Step::Skipped(reason) => *self.skipped.entry(reason).or_default() += 1,
        }
        self.take_complete()
    }

    /// The steps that are left at the end of the trace.
    pub fn finish(mut self) -> Vec<Value> {
        self.steps
            .iter_mut()
            .for_each(|step| step.is_complete = true);
        self.take_complete()
    }

    fn request(&mut self, step: Sendable<'_>, record: &TraceRecord<'_>) {
        let Ok(definition) = self.codec.definition(step.key) else {
            return;
        };
        let is_call = matches!(definition.kind, Kind::Request { .. });
        let is_dump = matches!(definition.kind, Kind::Dump { .. });
        if !is_call && !is_dump {
            let reason = "the simulator's scripts have only calls and dumps".to_owned();
            *self.skipped.entry(reason).or_default() += 1;
            return;
        }
        let json = self
            .codec
            .decode(step.key, record.payload)
            .unwrap_or_default();
        let mut arguments = without_header(&json);
        let alias = self.numbered_fields(&step);
        for (name, value) in &mut arguments {
            self.name_numbers(name, value, &alias);
        }
        let mut object = Map::new();
        let verb = if is_call { "call" } else { "dump" };
        object.insert(verb.to_owned(), step.request.name.clone().into());
        if !arguments.is_empty() {
            object.insert("args".to_owned(), arguments.into());
        }
        let name = format!("r{}", record.index);
        if !step.creates.is_empty() {
            object.insert("save".to_owned(), name.clone().into());
        }
        let context = word_at(record.payload, step.context_at);
        let waits = self.has_answers && context.is_some();
        let pending = Pending {
            step: object,
            numbers: step.own_numbers(),
            request: step.request,
            creates: step.creates,
            name,
            is_complete: !waits,
        };
        if waits {
            let context = context.unwrap_or_default();
            // A context that is used again ends the earlier call.
            self.end(Some(context));
            self.pending.insert(context, self.done + self.steps.len());
        } else {
            for new in &pending.creates {
                let old = self.indices.predict(&new.kind, &pending.request);
                let now = format!("${}.{}", pending.name, new.field);
                self.indices.add(&new.kind, old, now, &pending.request);
            }
            self.indices.remove(&pending.request, &pending.numbers);
        }
        self.steps.push(pending);
    }

    /// Adds a recorded answer to its step.
    fn answer(&mut self, key: &str, payload: &[u8]) {
        let Ok(definition) = self.codec.definition(key) else {
            return;
        };
        let is_end = definition.reply.is_some();
        let Some(context) = word_at(payload, definition.header.context) else {
            return;
        };
        let at = self.pending.get(&context);
        let Some(at) = at.and_then(|at| at.checked_sub(self.done)) else {
            return;
        };
        let Some(pending) = self.steps.get_mut(at) else {
            return;
        };
        // A refusal may lack the fields after `retval`; its step is then not compared.
        let want = without_header(&self.codec.decode(key, payload).unwrap_or_default());
        let numbers = kinds::numbers(self.codec, key, payload).unwrap_or_default();
        if !want.is_empty() {
            let ignored: HashSet<&str> = numbers.iter().map(|it| it.field.as_str()).collect();
            let mut ignored: Vec<&str> = ignored.into_iter().collect();
            ignored.sort_unstable();
            if !ignored.is_empty() {
                pending.step.insert("ignore".to_owned(), json!(ignored));
            }
            if is_end {
                pending.step.insert("want".to_owned(), want.into());
            } else if let Some(Value::Array(all)) = pending.step.get_mut("want") {
                all.push(want.into());
            } else {
                pending.step.insert("want".to_owned(), json!([want]));
            }
        }
        if is_end {
            let is_refused = super::answers::refusal(self.codec, key, payload).is_some();
            if !is_refused {
                for new in &pending.creates {
                    let mut numbers = numbers.iter();
                    if let Some(old) = numbers.find(|number| number.field == new.field) {
                        let now = format!("${}.{}", pending.name, new.field);
                        self.indices
                            .add(&new.kind, old.value, now, &pending.request);
                    }
                }
                self.indices.remove(&pending.request, &pending.numbers);
            }
            pending.is_complete = true;
            self.pending.remove(&context);
        }
    }

    /// Completes the step with this context. A dump without recorded items wants none.
    fn end(&mut self, context: Option<u32>) {
        let at = context.and_then(|context| self.pending.remove(&context));
        let at = at.and_then(|at| at.checked_sub(self.done));
        if let Some(pending) = at.and_then(|at| self.steps.get_mut(at)) {
            pending.is_complete = true;
            if pending.step.contains_key("dump") {
                pending.step.entry("want").or_insert_with(|| json!([]));
            }
        }
    }

    fn take_complete(&mut self) -> Vec<Value> {
        if self.steps.len() > MAX_WAITING
            && let Some(oldest) = self.steps.first_mut()
        {
            oldest.is_complete = true;
        }
        let count = self
            .steps
            .iter()
            .take_while(|step| step.is_complete)
            .count();
        self.done += count;
        let taken = self.steps.drain(..count);
        taken.map(|pending| pending.step.into()).collect()
    }

    /// The kinds of the fields that number objects, also those known only by their type.
    fn numbered_fields(&self, step: &Sendable<'_>) -> HashMap<String, String> {
        let numbers = step.numbers.iter();
        numbers
            .map(|number| (number.field.clone(), number.kind.clone()))
            .collect()
    }

    /// Replaces the numbers of objects that the script has created by the names of its steps.
    fn name_numbers(&mut self, name: &str, value: &mut Value, kinds: &HashMap<String, String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.name_numbers(name, value, kinds);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.name_numbers(name, item, kinds);
                }
            }
            Value::Number(number) => {
                let number = number
                    .as_u64()
                    .and_then(|number| u32::try_from(number).ok());
                if let (Some(kind), Some(number)) = (kinds.get(name), number)
                    && let Some(now) = self.indices.resolve(kind, number)
                {
                    *value = now.into();
                }
            }
            _ => {}
        }
    }
}

/// The fields of a message without its name and CRC.
fn without_header(json: &str) -> Map<String, Value> {
    let mut fields: Map<String, Value> = serde_json::from_str(json).unwrap_or_default();
    fields.retain(|name, _| name != "_msgname" && name != "_crc");
    fields
}

fn word_at(payload: &[u8], at: Option<u64>) -> Option<u32> {
    let at = usize::try_from(at?).ok()?;
    let bytes = payload.get(at..)?.first_chunk()?;
    Some(u32::from_be_bytes(*bytes))
}
