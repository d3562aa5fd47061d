use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use vpp_client::ErrorKind;

use super::{Server, answer_with_events};
use crate::executor::block_on;
use crate::messages::{Echo, ItemDump, WantTicks};

#[test]
fn each_of_many_threads_receives_its_own_replies() {
    const THREADS: u32 = 16;
    const CALLS: u32 = 500;
    let server = Server::new();
    let played = server.serve(async |mut peer| while peer.answer_next().await {});
    let client = server.connect();
    let start = Barrier::new(THREADS as usize);
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (client, start) = (client.clone(), &start);
            scope.spawn(move || {
                start.wait();
                for call in 0..CALLS {
                    let value = thread * CALLS + call;
                    assert_eq!(client.call(Echo { value }).unwrap().value, value);
                }
            });
        }
    });
    let counters = client.counters();
    assert_eq!(counters.replies, u64::from(THREADS * CALLS));
    assert_eq!((counters.late_replies, counters.stray_frames), (0, 0));
    assert_eq!((counters.in_flight, counters.memory), (0, 0));
    drop(client);
    played.join().unwrap();
}

#[test]
fn dumps_events_and_calls_of_several_threads_do_not_disturb_each_other() {
    const THREADS: u32 = 4;
    const EVENTS: u32 = 200;
    let server = Server::new();
    let played = server.serve(answer_with_events);
    let client = server.connect();
    // Every subscription receives every event, because the events have an unknown `pid`.
    let subscriptions: Vec<_> = (0..THREADS)
        .map(|group| {
            let request = WantTicks {
                group: group % 2,
                ..WantTicks::default()
            };
            client.subscribe_with(request).unwrap()
        })
        .collect();
    thread::scope(|scope| {
        for ticks in subscriptions {
            scope.spawn(move || {
                let events = ticks.take(EVENTS as usize).map(Result::unwrap);
                let numbers = events.map(|notice| notice.event().unwrap().number);
                assert!(numbers.eq(0..EVENTS));
            });
        }
        for count in 0..THREADS {
            let client = client.clone();
            scope.spawn(move || {
                for round in 0..50 {
                    let count = 10 * count + round % 7;
                    let items = client.dump(ItemDump { count }).map(Result::unwrap);
                    assert!(items.map(|item| item.index).eq(0..count));
                }
            });
        }
        scope.spawn(|| {
            for value in 0..EVENTS {
                assert_eq!(client.call(Echo { value }).unwrap().value, value);
            }
        });
    });
    drop(client);
    assert!(played.join().unwrap());
}

#[test]
fn async_handle_works_while_blocking_calls_run() {
    const CALLS: u32 = 500;
    let server = Server::new();
    let played = server.serve(async |mut peer| while peer.answer_next().await {});
    let client = server.connect();
    thread::scope(|scope| {
        for thread in 0..2 {
            let blocking = client.clone();
            scope.spawn(move || {
                for call in 0..CALLS {
                    let value = thread * CALLS + call;
                    assert_eq!(blocking.call(Echo { value }).unwrap().value, value);
                }
            });
            let client = client.as_async().clone();
            scope.spawn(move || {
                block_on(async {
                    for call in 0..CALLS {
                        let value = (2 + thread) * CALLS + call;
                        assert_eq!(client.call(Echo { value }).await.unwrap().value, value);
                    }
                    let items = client.dump(ItemDump { count: 9 }).all().await.unwrap();
                    assert_eq!(items.len(), 9);
                });
            });
        }
    });
    // It also works while no thread makes blocking calls.
    let alone = client.as_async().clone();
    let reply = block_on(alone.call(Echo { value: 1 })).unwrap();
    assert_eq!(reply.value, 1);
    drop(client);
    played.join().unwrap();
    // The connection closes with the last blocking client.
    let error = block_on(alone.call(Echo { value: 1 })).unwrap_err();
    assert!(error.kind() == ErrorKind::Disconnected, "{error}");
}

#[test]
fn short_timeout_expires_in_time_while_another_thread_waits() {
    let server = Server::new();
    let played = server.serve(async |mut peer| {
        let first = peer.next().await.unwrap();
        // The call with the short timeout is not answered.
        peer.expect::<Echo>().await;
        let last = peer.next().await.unwrap();
        peer.answer(&first).await;
        peer.answer(&last).await;
        while peer.answer_next().await {}
    });
    let client = server.connect();
    thread::scope(|scope| {
        let slow = scope.spawn(|| client.call(Echo { value: 1 }));
        while client.counters().in_flight == 0 {
            thread::yield_now();
        }
        let started = Instant::now();
        let short = client.with_timeout(Duration::from_millis(100));
        let error = short.call(Echo { value: 2 }).unwrap_err();
        assert!(error.kind() == ErrorKind::Timeout, "{error}");
        let elapsed = started.elapsed();
        assert!(elapsed >= Duration::from_millis(100), "{elapsed:?}");
        assert!(elapsed < Duration::from_secs(5), "{elapsed:?}");
        assert_eq!(client.call(Echo { value: 3 }).unwrap().value, 3);
        assert_eq!(slow.join().unwrap().unwrap().value, 1);
    });
    drop(client);
    played.join().unwrap();
}
