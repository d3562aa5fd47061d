//! The limits of what a client buffers.

use std::time::Duration;

use vpp_client::calls::Call;
use vpp_client::events::Notice;
use vpp_client::{Builder, Client, Effect, Error, ErrorKind};

use crate::messages::{Echo, EchoReply, ItemDump, Long, Notify, WantTicks};
use crate::peer::{Peer, start};

/// The size of a frame with a `Long` request.
const LONG: usize = 16 + 10 + 2000;

fn call_long(client: &Client) -> Call<EchoReply> {
    client.call(Long { bytes: [7; 2000] })
}

fn assert_not_sent(error: &Error) {
    let found = (error.kind(), error.effect());
    assert_eq!(found, (ErrorKind::Limit, Effect::NotSent), "{error}");
}

/// Makes calls until one fails. Returns the earlier calls and the error. Checks that at most
/// `most` bytes are buffered.
async fn fill(client: &Client, most: usize) -> (Vec<Call<EchoReply>>, Error) {
    let mut calls = Vec::new();
    loop {
        // Lets the connection write until the socket is full.
        tokio::task::yield_now().await;
        let mut call = call_long(client);
        let memory = usize::try_from(client.counters().memory).unwrap();
        assert!(memory <= most, "{memory} bytes are buffered");
        tokio::select! {
            biased;
            result = &mut call => return (calls, result.unwrap_err()),
            () = std::future::ready(()) => calls.push(call),
        }
        assert!(calls.len() < 100_000, "no limit was reached");
    }
}

#[tokio::test]
async fn requests_beyond_the_write_limit_are_not_sent() {
    const LIMIT: usize = 100 * LONG;
    let (client, mut peer) = start(Builder::new().write_limit(LIMIT)).await;
    let (calls, error) = fill(&client, LIMIT + LONG).await;
    assert_not_sent(&error);
    assert!(error.to_string().contains("has not read"), "{error}");
    assert_not_sent(&client.send(Notify { value: 1 }).unwrap_err());
    assert_not_sent(&client.dump(ItemDump { count: 1 }).all().await.unwrap_err());
    let sent = calls.len();
    for _ in 0..sent {
        let (context, _) = peer.expect::<Long>().await;
        let reply = EchoReply::default();
        peer.send(&reply, context).await;
    }
    for call in calls {
        call.await.unwrap();
    }
    assert_eq!(client.counters().memory, 0);
    // The failed request does not arrive.
    let call = client.call(Echo { value: 3 });
    assert!(peer.answer_next().await);
    assert_eq!(call.await.unwrap().value, 3);
}

#[tokio::test]
async fn client_is_ready_again_once_vpp_reads() {
    const LIMIT: usize = 100 * LONG;
    let (client, mut peer) = start(Builder::new().write_limit(LIMIT)).await;
    client.ready().await.unwrap();
    let (calls, _) = fill(&client, LIMIT + LONG).await;
    let mut ready = pollable(client.ready());
    assert!(ready.is_pending().await);
    for _ in 0..calls.len() {
        peer.expect::<Long>().await;
    }
    ready.finish().await.unwrap();
    let call = client.call(Echo { value: 3 });
    assert!(peer.answer_next().await);
    assert_eq!(call.await.unwrap().value, 3);
}

#[tokio::test(start_paused = true)]
async fn ready_times_out_if_vpp_does_not_read() {
    const LIMIT: usize = 100 * LONG;
    let (client, _peer) = start(Builder::new().write_limit(LIMIT)).await;
    let (_calls, _) = fill(&client, LIMIT + LONG).await;
    let started = tokio::time::Instant::now();
    let client = client.with_timeout(Duration::from_secs(2));
    let error = client.ready().await.unwrap_err();
    let found = (error.kind(), error.effect());
    assert_eq!(found, (ErrorKind::Timeout, Effect::NotSent), "{error}");
    assert_eq!(started.elapsed().as_secs(), 2);
}

#[tokio::test]
async fn unread_requests_count_as_memory() {
    const LIMIT: usize = 200 * LONG;
    let (client, _peer) = start(Builder::new().memory_limit(LIMIT)).await;
    let (calls, error) = fill(&client, LIMIT + LONG).await;
    assert_not_sent(&error);
    assert!(error.to_string().contains("memory"), "{error}");
    assert!(calls.len() >= 200);
}

#[tokio::test]
async fn request_beyond_the_memory_limit_is_not_sent() {
    const LIMIT: usize = 200 * LONG + LONG / 2;
    let (client, _peer) = start(Builder::new().memory_limit(LIMIT)).await;
    let (calls, error) = fill(&client, LIMIT).await;
    assert_not_sent(&error);
    assert!(calls.len() >= 200);
}

/// Waits until everything that the peer has sent has arrived.
async fn settle(client: &Client, peer: &mut Peer) {
    let call = client.call(Echo { value: 0 });
    peer.answer_next().await;
    call.await.unwrap();
}

#[tokio::test]
async fn unread_dumps_end_at_the_memory_limit_of_the_client() {
    // Each item is a frame of 16 + 74 bytes.
    const LIMIT: u64 = 100 * 90;
    let builder = Builder::new().memory_limit(usize::try_from(LIMIT).unwrap());
    let (client, mut peer) = start(builder).await;
    let mut dumps: Vec<_> = (0..4)
        .map(|_| client.dump(ItemDump { count: 40 }))
        .collect();
    let mut contexts = Vec::new();
    for _ in 0..4 {
        contexts.push(peer.expect::<ItemDump>().await.0);
        peer.next().await.unwrap();
    }
    for context in &contexts {
        for item in 0..40 {
            peer.send_items(item..item + 1, *context).await;
            tokio::task::yield_now().await;
            assert!(client.counters().memory <= LIMIT);
        }
    }
    // The first two dumps fit into the limit, the third does not.
    let last = dumps.pop().unwrap();
    let mut third = dumps.pop().unwrap();
    let mut read = 0;
    let error = loop {
        match third.next().await.unwrap() {
            Ok(_) => read += 1,
            Err(error) => break error,
        }
    };
    assert!(error.kind() == ErrorKind::Limit && error.effect() == Effect::Unknown);
    assert!(error.to_string().contains("memory"), "{error}");
    assert!(read < 40);
    assert!(third.next().await.is_none());
    drop(last);
    for (mut dump, context) in dumps.into_iter().zip(contexts) {
        peer.send_pong(context).await;
        for index in 0..40 {
            assert_eq!(dump.next().await.unwrap().unwrap().index, index);
        }
        assert!(dump.next().await.is_none());
    }
    settle(&client, &mut peer).await;
    assert_eq!(client.counters().memory, 0);
}

#[tokio::test]
async fn unread_events_beyond_the_memory_limit_are_counted_as_lost() {
    const LIMIT: u64 = 4000;
    let builder = Builder::new().memory_limit(usize::try_from(LIMIT).unwrap());
    let (client, mut peer) = start(builder).await;
    let (ticks, want) = tokio::join!(client.subscribe::<WantTicks>(), peer.confirm());
    let mut ticks = ticks.unwrap();
    const SENT: u32 = 1000;
    for number in 0..SENT {
        peer.send_tick(want.pid, number).await;
        tokio::task::yield_now().await;
        assert!(client.counters().memory <= LIMIT);
    }
    while client.counters().events < SENT.into() {
        tokio::task::yield_now().await;
    }
    let mut read = 0;
    loop {
        match ticks.next().await.unwrap().unwrap() {
            Notice::Event(event) => {
                assert_eq!(event.number, read);
                read += 1;
            }
            Notice::Lagged(lost) => {
                assert_eq!(u64::from(read) + lost, u64::from(SENT));
                assert_eq!(client.counters().events_lost, lost);
                break;
            }
            Notice::Restored => panic!("the connection was never lost"),
            _ => unreachable!("there are no other notices"),
        }
    }
    assert!(read > 10 && read < SENT, "{read}");
    drop(ticks);
    assert!(!peer.expect::<WantTicks>().await.1.enable);
    settle(&client, &mut peer).await;
    assert_eq!(client.counters().memory, 0);
}

/// A future that can be polled once before it is awaited.
struct Pollable<F>(std::pin::Pin<Box<F>>);

fn pollable<F: Future>(future: F) -> Pollable<F> {
    Pollable(Box::pin(future))
}

impl<F: Future> Pollable<F> {
    async fn is_pending(&mut self) -> bool {
        std::future::poll_fn(|cx| std::task::Poll::Ready(self.0.as_mut().poll(cx).is_pending()))
            .await
    }

    async fn finish(self) -> F::Output {
        self.0.await
    }
}
