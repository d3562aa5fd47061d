use std::thread;
use std::time::{Duration, Instant};

use vpp_client::connection::State;
use vpp_client::events::Notice;
use vpp_client::{Effect, ErrorKind};

use super::{Server, answer_with_events};
use crate::messages::{Echo, ItemDump, Tick, WantTicks};
use crate::server::quick;

#[test]
fn waiting_call_succeeds_after_a_reconnect() {
    let server = Server::new();
    let first = server.serve(async |mut peer| {
        peer.confirm().await;
        // The connection is lost during this call.
        peer.expect::<Echo>().await;
    });
    let client = server.builder().reconnect(quick()).connect_blocking();
    let client = client.unwrap();
    let mut ticks = client.subscribe::<WantTicks>().unwrap();
    let error = client.call(Echo { value: 1 }).unwrap_err();
    let found = (error.kind(), error.effect());
    assert_eq!(found, (ErrorKind::Disconnected, Effect::Unknown), "{error}");
    first.join().unwrap();
    let second = server.serve(answer_with_events);
    let waiting = client.with_wait_for_connection(true);
    assert_eq!(waiting.call(Echo { value: 2 }).unwrap().value, 2);
    assert_eq!(waiting.dump(ItemDump { count: 4 }).count(), 4);
    assert_eq!(ticks.next().unwrap().unwrap(), Notice::Restored);
    let tick = Tick { pid: 0, number: 2 };
    assert_eq!(ticks.next().unwrap().unwrap(), Notice::Event(tick));
    assert_eq!(client.counters().connects, 2);
    drop((client, waiting, ticks));
    assert!(second.join().unwrap());
}

#[test]
fn loss_fails_every_waiting_thread() {
    const THREADS: u32 = 8;
    let server = Server::new();
    let played = server.serve(async |mut peer| {
        peer.confirm().await;
        for _ in 0..THREADS {
            peer.expect::<Echo>().await;
        }
    });
    let client = server.connect();
    let mut ticks = client.subscribe::<WantTicks>().unwrap();
    thread::scope(|scope| {
        for value in 0..THREADS {
            let client = client.clone();
            scope.spawn(move || {
                let error = client.call(Echo { value }).unwrap_err();
                assert!(error.kind() == ErrorKind::Disconnected, "{error}");
            });
        }
        scope.spawn(move || {
            let error = ticks.next().unwrap().unwrap_err();
            assert!(error.kind() == ErrorKind::Disconnected, "{error}");
            assert!(ticks.next().is_none());
            assert!(ticks.next_timeout(Duration::from_secs(60)).is_none());
        });
    });
    assert_eq!(client.state(), State::Closed);
    let error = client.call(Echo { value: 0 }).unwrap_err();
    assert_eq!(error.effect(), Effect::NotSent);
    played.join().unwrap();
}

#[test]
fn waiting_call_fails_after_the_last_attempt() {
    let server = Server::new();
    let played = server.serve(async |peer| drop(peer));
    let policy = quick().attempts(3);
    let client = server.builder().reconnect(policy).connect_blocking();
    let client = client.unwrap().with_wait_for_connection(true);
    played.join().unwrap();
    // The socket no longer listens.
    drop(server);
    let error = client.call(Echo { value: 1 }).unwrap_err();
    assert!(error.kind() == ErrorKind::Disconnected, "{error}");
}

#[test]
fn disconnect_unregisters_for_all_threads() {
    let server = Server::new();
    let played = server.serve(answer_with_events);
    let client = server.connect();
    let mut ticks = client.subscribe::<WantTicks>().unwrap();
    client.call(Echo { value: 1 }).unwrap();
    client.disconnect();
    assert!(played.join().unwrap());
    assert_eq!(client.state(), State::Closed);
    assert!(matches!(ticks.next(), Some(Ok(Notice::Event(_)))));
    assert!(ticks.next().unwrap().is_err());
    assert!(ticks.next().is_none());
    let error = client.call(Echo { value: 1 }).unwrap_err();
    assert!(error.kind() == ErrorKind::Disconnected, "{error}");
}

#[test]
fn disconnect_returns_as_soon_as_the_connection_is_closed() {
    let server = Server::new();
    for round in 0..300 {
        let played = server.serve(answer_with_events);
        let client = server.connect().with_timeout(Duration::from_secs(10));
        client.call(Echo { value: round }).unwrap();
        let started = Instant::now();
        client.disconnect();
        let elapsed = started.elapsed();
        assert!(
            elapsed < Duration::from_secs(5),
            "round {round}: {elapsed:?}"
        );
        assert!(played.join().unwrap());
    }
}
