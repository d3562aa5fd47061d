use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io::{self, Write};

use vpp_dynamic::Codec;
use vpp_wire::trace::{TraceRecord, TraceTable};

use super::answers::{comparable, error_text, refusal};
use super::indices::{Indices, Request};
use super::key::MessageName;
use super::kinds::Number;
use super::session::{Answer, Session};
use super::step::{Sendable, Step};

/// How many requests wait for their recorded answers. The oldest is forgotten beyond it.
const MAX_PENDING: usize = 4096;

/// Sends the requests of a trace to a VPP.
pub struct Replay<'a> {
    codec: &'a Codec,
    session: Session,
    /// Whether the trace has answers, which then tell the numbers of its objects.
    has_answers: bool,
    is_dry: bool,
    indices: Indices<u32>,
    /// The answers to compare with recorded ones, by the recorded context.
    pending: HashMap<u32, Pending>,
    order: VecDeque<(u32, u32)>,
    pub summary: Summary,
}

/// A request that was sent, whose recorded answers follow in the trace.
struct Pending {
    index: u32,
    request: Request,
    creates: Vec<Number>,
    numbers: Vec<(String, u32)>,
    answers: VecDeque<Answer>,
}

/// What a replay has done.
#[derive(Debug, Default)]
pub struct Summary {
    pub sent: u64,
    /// The number of skipped records, by reason.
    pub skipped: BTreeMap<String, u64>,
    pub refused: u64,
    pub different: u64,
    /// The recorded answers.
    pub answers: u64,
    /// The index of the first record whose replay differs.
    pub first: Option<u32>,
}

impl<'a> Replay<'a> {
    pub fn new(
        codec: &'a Codec,
        session: Session,
        has_answers: bool,
        is_dry: bool,
        interfaces: u32,
    ) -> Self {
        Self {
            codec,
            session,
            has_answers,
            is_dry,
            indices: Indices::new(interfaces),
            pending: HashMap::new(),
            order: VecDeque::new(),
            summary: Summary::default(),
        }
    }

    /// Handles one record. Prints what differs, and in a dry run what would be sent.
    pub fn record(
        &mut self,
        table: &TraceTable,
        record: &TraceRecord<'_>,
        out: &mut impl Write,
    ) -> Result<(), String> {
        match Step::of(self.codec, table, record) {
            Step::Answer(key) => {
                self.summary.answers += 1;
                self.compare(key, record, out)
            }
            Step::PingReply => self.end(record.payload, out),
            Step::Skipped(reason) => {
                self.skip(reason);
                Ok(())
            }
            Step::Request(step) if !self.session.has(step.key) => {
                let other = self.session.other_key(&step.request.name);
                let reason = match other.map(|key| MessageName::of_key(key).crc) {
                    Some(crc) => format!("VPP has {} with CRC {crc}", step.request.name),
                    None => format!("VPP does not have {}", step.request.name),
                };
                self.skip(reason);
                Ok(())
            }
            Step::Request(step) => self.send(step, record, out),
        }
    }

    /// The numbers that no creation in the trace explains, by kind.
    pub fn unexplained(&self) -> BTreeMap<&str, Vec<u32>> {
        self.indices.unexplained()
    }

    /// Unregisters from VPP.
    pub fn close(self) -> Summary {
        self.session.close();
        self.summary
    }

    fn skip(&mut self, reason: String) {
        *self.summary.skipped.entry(reason).or_default() += 1;
    }

    fn send(
        &mut self,
        step: Sendable<'_>,
        record: &TraceRecord<'_>,
        out: &mut impl Write,
    ) -> Result<(), String> {
        let own = step.own_numbers();
        let mut numbers = step.numbers.iter();
        if let Some(number) = numbers.find(|it| self.indices.is_refused(&it.kind, it.value)) {
            let kind = &number.kind;
            self.skip(format!("the object of their {kind} could not be created"));
            self.indices.remove(&step.request, &own);
            return Ok(());
        }
        let mut payload = record.payload.to_vec();
        for number in &step.numbers {
            if let Some(now) = self.indices.resolve(&number.kind, number.value)
                && let Some(place) = payload.get_mut(number.offset..)
                && let Some(place) = place.first_chunk_mut()
            {
                *place = now.to_be_bytes();
            }
        }
        self.summary.sent += 1;
        if self.is_dry {
            let json = comparable(self.codec, step.key, &payload, |_, _| None);
            print(out, format_args!("{:>6}  {json}", record.index))?;
            // Numbers are assumed to stay the same.
            for new in &step.creates {
                let old = self.indices.predict(&new.kind, &step.request);
                self.indices.add(&new.kind, old, old, &step.request);
            }
            self.indices.remove(&step.request, &own);
            return Ok(());
        }
        let (client_index, context) = (step.client_index_at, step.context_at);
        let answers = self
            .session
            .exchange(step.key, payload, client_index, context)?;
        let old_context = context_of(record.payload, step.context_at);
        if self.has_answers
            && let Some(context) = old_context
        {
            self.wait_for_answers(
                context,
                Pending {
                    index: record.index,
                    request: step.request,
                    creates: step.creates,
                    numbers: own,
                    answers: answers.into(),
                },
            );
            return Ok(());
        }
        let mut refused = answers.iter().filter_map(|(key, payload)| {
            let retval = refusal(self.codec, key, payload)?;
            Some((MessageName::of_key(key).name.to_owned(), retval))
        });
        if let Some((reply, retval)) = refused.next() {
            self.summary.refused += 1;
            for new in &step.creates {
                let old = self.indices.predict(&new.kind, &step.request);
                self.indices.refuse(&new.kind, old, &step.request);
            }
            let (name, error) = (&step.request.name, error_text(retval));
            let text = format!("{name}: VPP refused it: {reply}: {error}");
            return self.report(record.index, &text, out);
        }
        for new in &step.creates {
            let old = self.indices.predict(&new.kind, &step.request);
            if let Some(now) = self.number_in(&answers, new) {
                self.indices.add(&new.kind, old, now, &step.request);
            }
        }
        self.indices.remove(&step.request, &own);
        Ok(())
    }

    /// The number of a new object in the answers.
    fn number_in<'m>(
        &self,
        answers: impl IntoIterator<Item = &'m Answer>,
        new: &Number,
    ) -> Option<u32> {
        let mut all = answers.into_iter();
        all.find_map(|(key, payload)| self.number_of(key, payload, new))
    }

    fn number_of(&self, key: &str, payload: &[u8], new: &Number) -> Option<u32> {
        let reply = self.codec.definition(key).ok()?;
        reply.reply?;
        let numbers = super::kinds::numbers(self.codec, key, payload).ok()?;
        let mut numbers = numbers.into_iter();
        let number = numbers.find(|number| number.field == new.field)?;
        Some(number.value).filter(|value| *value != u32::MAX)
    }

    fn wait_for_answers(&mut self, context: u32, pending: Pending) {
        self.order.push_back((context, pending.index));
        self.pending.insert(context, pending);
        if self.order.len() > MAX_PENDING
            && let Some((context, index)) = self.order.pop_front()
            && self
                .pending
                .get(&context)
                .is_some_and(|it| it.index == index)
        {
            self.pending.remove(&context);
        }
    }

    /// Compares a recorded answer with that of VPP, and learns the numbers of new objects.
    fn compare(
        &mut self,
        key: &str,
        record: &TraceRecord<'_>,
        out: &mut impl Write,
    ) -> Result<(), String> {
        let definition = self.codec.definition(key).ok();
        let at = definition.and_then(|definition| definition.header.context);
        let is_end = definition.is_some_and(|definition| definition.reply.is_some());
        let Some(context) = context_of(record.payload, at) else {
            return Ok(());
        };
        let Some(mut pending) = self.pending.remove(&context) else {
            return Ok(());
        };
        let index = pending.index;
        let name = pending.request.name.clone();
        let answer = pending.answers.pop_front();
        if let Some((now_key, now_payload)) = &answer {
            let was_refused = refusal(self.codec, key, record.payload);
            let is_refused = refusal(self.codec, now_key, now_payload);
            if is_end && was_refused.is_none() {
                for new in &pending.creates {
                    let old = self.number_of(key, record.payload, new);
                    let now = self.number_of(now_key, now_payload, new);
                    match (old, now) {
                        (Some(old), Some(now)) if is_refused.is_none() => {
                            self.indices.add(&new.kind, old, now, &pending.request);
                        }
                        (Some(old), _) => self.indices.refuse(&new.kind, old, &pending.request),
                        (None, _) => {}
                    }
                }
            }
            let indices = &self.indices;
            let find = |kind: &str, old: u32| indices.find(kind, old);
            let was = comparable(self.codec, key, record.payload, find);
            let is = comparable(self.codec, now_key, now_payload, |_, _| None);
            if is_end && is_refused.is_none() {
                self.indices.remove(&pending.request, &pending.numbers);
            }
            if is_refused.is_some() && was_refused != is_refused {
                self.summary.refused += 1;
            }
            if was != is {
                let text = format!("{name}: the answer differs\n  recorded {was}\n  now      {is}");
                self.report(index, &text, out)?;
            }
        } else {
            let was = comparable(self.codec, key, record.payload, |_, _| None);
            let text = format!("{name}: VPP gave fewer answers\n  recorded {was}");
            self.report(index, &text, out)?;
        }
        if is_end {
            return self.report_rest(&pending, out);
        }
        self.pending.insert(context, pending);
        Ok(())
    }

    /// Ends a dump whose recorded ping was answered.
    fn end(&mut self, payload: &[u8], out: &mut impl Write) -> Result<(), String> {
        let context = context_of(payload, Some(2));
        match context.and_then(|context| self.pending.remove(&context)) {
            Some(pending) => self.report_rest(&pending, out),
            None => Ok(()),
        }
    }

    /// Reports answers of VPP that were not recorded.
    fn report_rest(&mut self, pending: &Pending, out: &mut impl Write) -> Result<(), String> {
        let Some((key, payload)) = pending.answers.front() else {
            return Ok(());
        };
        let (count, name) = (pending.answers.len(), &pending.request.name);
        let is = comparable(self.codec, key, payload, |_, _| None);
        let text = format!("{name}: VPP gave {count} more answers than recorded\n  now      {is}");
        self.report(pending.index, &text, out)
    }

    fn report(&mut self, index: u32, text: &str, out: &mut impl Write) -> Result<(), String> {
        self.summary.different += 1;
        self.summary.first.get_or_insert(index);
        print(out, format_args!("{index:>6}  {text}"))
    }
}

fn context_of(payload: &[u8], at: Option<u64>) -> Option<u32> {
    let at = usize::try_from(at?).ok()?;
    let bytes = payload.get(at..)?.first_chunk()?;
    Some(u32::from_be_bytes(*bytes))
}

/// Prints a line. A reader that closes the pipe early does not end a replay.
fn print(out: &mut impl Write, line: std::fmt::Arguments<'_>) -> Result<(), String> {
    let written = writeln!(out, "{line}").and_then(|()| out.flush());
    crate::stdout::ignore_closed_reader(written).map_err(|error: io::Error| error.to_string())
}
