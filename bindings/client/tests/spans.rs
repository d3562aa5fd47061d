//! The spans and events for a `tracing` subscriber.
//!
//! This is a separate test binary, because `tracing` caches per process which events are enabled.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    dead_code,
    unused_imports,
    reason = "tests fail by panicking and use only some of the helpers"
)]

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use vpp_client::{Builder, ErrorKind};

use messages::{Echo, EchoReply, ItemDump, WantTicks};
use peer::start;

#[path = "it/messages.rs"]
mod messages;
#[path = "it/peer.rs"]
mod peer;
#[path = "it/tables.rs"]
mod tables;

type Fields = HashMap<&'static str, String>;

/// Collects the spans and events of this crate, separately per test thread.
struct Collector;

thread_local! {
    static SEEN: RefCell<Seen> = RefCell::default();
}

static LAST: AtomicU64 = AtomicU64::new(0);

fn collect() -> &'static Collector {
    static SET: Once = Once::new();
    SET.call_once(|| tracing::subscriber::set_global_default(Collector).unwrap());
    &Collector
}

#[derive(Default)]
struct Seen {
    spans: HashMap<u64, (&'static str, Fields)>,
    events: Vec<Fields>,
}

/// Collects the fields of a span or an event as text.
struct Into<'a>(&'a mut Fields);

impl Visit for Into<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}

impl Subscriber for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("vpp_client")
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut fields = Fields::new();
        attributes.record(&mut Into(&mut fields));
        let id = LAST.fetch_add(1, Ordering::Relaxed) + 1;
        let span = (attributes.metadata().name(), fields);
        SEEN.with_borrow_mut(|seen| seen.spans.insert(id, span));
        Id::from_u64(id)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        SEEN.with_borrow_mut(|seen| {
            let (_, fields) = seen.spans.get_mut(&span.into_u64()).unwrap();
            values.record(&mut Into(fields));
        });
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::new();
        event.record(&mut Into(&mut fields));
        SEEN.with_borrow_mut(|seen| seen.events.push(fields));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl Collector {
    /// The fields of the spans of requests with this message, in order.
    fn requests(&self, message: &str) -> Vec<Fields> {
        SEEN.with_borrow(|seen| {
            let mut spans: Vec<_> = seen.spans.iter().collect();
            spans.sort_by_key(|(id, _)| **id);
            let requests = spans.into_iter().filter(|(_, (name, fields))| {
                *name == "request" && fields.get("message").is_some_and(|it| it == message)
            });
            requests.map(|(_, (_, fields))| fields.clone()).collect()
        })
    }

    fn events(&self, text: &str) -> Vec<Fields> {
        SEEN.with_borrow(|seen| {
            let has_text =
                |event: &&Fields| event.get("message").is_some_and(|it| it.contains(text));
            seen.events.iter().filter(has_text).cloned().collect()
        })
    }
}

fn number(fields: &Fields, name: &str) -> u64 {
    let text = fields.get(name);
    let text = text.unwrap_or_else(|| panic!("{name} is missing in {fields:?}"));
    text.parse().unwrap()
}

#[tokio::test]
async fn every_request_has_a_span_with_its_sizes_and_its_result() {
    let collector = collect();
    let (client, mut peer) = start(Builder::new()).await;
    let call = client.call(Echo { value: 1 });
    let message = peer.next().await.unwrap();
    peer.answer(&message).await;
    call.await.unwrap();
    let refused = client.call(Echo { value: 2 });
    let (context, _) = peer.expect::<Echo>().await;
    let reply = EchoReply {
        retval: -79,
        value: 0,
    };
    peer.send(&reply, context).await;
    refused.await.unwrap_err();
    let spans = collector.requests("echo");
    let [answered, refused] = &spans[..] else {
        panic!("expected two requests: {spans:?}");
    };
    assert_eq!(number(answered, "context"), u64::from(message.context));
    assert_eq!(number(refused, "context"), u64::from(context));
    for span in [answered, refused] {
        // Header, id, client index, context, value; and header, id, context, retval, value.
        assert_eq!(number(span, "bytes"), 16 + 2 + 4 + 4 + 4);
        assert_eq!(number(span, "reply_bytes"), 16 + 2 + 4 + 4 + 4);
        assert!(number(span, "duration_us") < 60_000_000);
    }
    assert_eq!(answered["retval"], "0");
    assert_eq!(refused["retval"], "-79");
}

#[tokio::test]
async fn span_of_a_dump_counts_all_bytes() {
    let collector = collect();
    let (client, mut peer) = start(Builder::new()).await;
    let dump = client.dump(ItemDump { count: 3 });
    peer.answer_next().await;
    peer.answer_next().await;
    assert_eq!(dump.all().await.unwrap().len(), 3);
    let spans = collector.requests("item_dump");
    assert_eq!(spans.len(), 1);
    assert!(number(&spans[0], "reply_bytes") >= 3 * 90);
    number(&spans[0], "duration_us");
}

#[tokio::test(start_paused = true)]
async fn timed_out_request_has_a_span_without_retval_and_its_late_reply_is_an_event() {
    let collector = collect();
    let (client, mut peer) = start(Builder::new()).await;
    let error = client.call(Echo { value: 1 }).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Timeout);
    let span = &collector.requests("echo")[0];
    assert_eq!(span.get("retval"), None);
    assert!(Duration::from_micros(number(span, "duration_us")) >= Duration::from_secs(5));
    assert_eq!(client.counters().timeouts, 1);
    assert_eq!(client.counters().late_replies, 0);
    let message = peer.next().await.unwrap();
    for _ in 0..2 {
        peer.answer(&message).await;
    }
    let call = client.call(Echo { value: 2 });
    peer.answer_next().await;
    call.await.unwrap();
    let late = collector.events("late reply");
    assert_eq!(late.len(), 2);
    assert_eq!(number(&late[0], "context"), u64::from(message.context));
    assert_eq!(client.counters().late_replies, 2);
    assert_eq!(client.counters().stray_frames, 0);
}

#[tokio::test]
async fn stray_frames_are_logged_and_counted() {
    let collector = collect();
    let (client, mut peer) = start(Builder::new()).await;
    peer.send(&EchoReply::default(), 0x7fff_0000).await;
    // A message that is not in the table, too short for a context.
    peer.raw(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0x77, 0x77])
        .await;
    let call = client.call(Echo { value: 2 });
    peer.answer_next().await;
    call.await.unwrap();
    let stray = collector.events("stray frame");
    assert_eq!(stray.len(), 2, "{stray:?}");
    assert_eq!(number(&stray[0], "context"), 0x7fff_0000);
    assert_eq!(client.counters().stray_frames, 2);
    assert_eq!(client.counters().late_replies, 0);
}

#[tokio::test]
async fn each_lag_of_a_subscription_is_logged_once() {
    let collector = collect();
    let (client, mut peer) = start(Builder::new().event_limit(2)).await;
    let (ticks, _) = tokio::join!(client.subscribe::<WantTicks>(), peer.confirm());
    let _ticks = ticks.unwrap();
    for number in 0..6 {
        peer.send_tick(0, number).await;
    }
    let call = client.call(Echo { value: 2 });
    peer.answer_next().await;
    call.await.unwrap();
    assert_eq!(collector.events("lag").len(), 1);
    let counters = client.counters();
    assert_eq!((counters.events, counters.events_lost), (6, 4));
}
