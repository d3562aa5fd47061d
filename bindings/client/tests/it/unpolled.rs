//! Connections that are not polled.

use std::thread;
use std::time::{Duration, Instant};

use vpp_client::connection::State;
use vpp_client::{Builder, Client, ErrorKind};

use crate::executor::block_on;
use crate::messages::{Echo, ItemDump};
use crate::peer::{Peer, pair};
use crate::server::Server;

fn assert_fails_in_time(client: &Client) {
    let client = client.with_timeout(Duration::from_millis(100));
    thread::scope(|scope| {
        let call = scope.spawn(|| {
            let started = Instant::now();
            let error = block_on(client.call(Echo { value: 1 })).unwrap_err();
            (error, started.elapsed())
        });
        let (error, elapsed) = call.join().unwrap();
        assert!(error.kind() == ErrorKind::Timeout, "{error}");
        assert!(elapsed >= Duration::from_millis(100), "{elapsed:?}");
        assert!(elapsed < Duration::from_secs(2), "{elapsed:?}");
        let dump = scope.spawn(|| block_on(client.dump(ItemDump { count: 1 }).all()));
        let error = dump.join().unwrap().unwrap_err();
        assert!(error.kind() == ErrorKind::Timeout, "{error}");
        let disconnect = scope.spawn(|| {
            let started = Instant::now();
            block_on(client.disconnect());
            started.elapsed()
        });
        let elapsed = disconnect.join().unwrap();
        assert!(elapsed < Duration::from_secs(2), "{elapsed:?}");
    });
}

#[test]
fn calls_time_out_and_disconnect_returns_if_the_connection_is_not_polled() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (client, connection, peer) = runtime.block_on(pair(Builder::new()));
    assert_fails_in_time(&client);
    let error = block_on(client.call(Echo { value: 2 })).unwrap_err();
    assert!(error.kind() == ErrorKind::Disconnected, "{error}");
    drop(connection);
    assert_eq!(client.state().current(), State::Closed);
    drop(peer);
}

#[test]
fn calls_time_out_and_disconnect_returns_if_the_runtime_is_blocked() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (hand_out, clients) = std::sync::mpsc::channel();
    let (unblock, blocked) = std::sync::mpsc::channel::<()>();
    let runtime = thread::spawn(move || {
        runtime.block_on(async move {
            let (client, connection, mut peer): (_, _, Peer) = pair(Builder::new()).await;
            let connection = tokio::spawn(connection);
            // The connection was polled and is idle.
            tokio::task::yield_now().await;
            hand_out.send(client.clone()).unwrap();
            // A task that blocks its thread.
            blocked.recv().unwrap();
            let serve = async { while peer.answer_next().await {} };
            let (ended, ()) = tokio::join!(connection, serve);
            ended.unwrap().unwrap();
        });
    });
    let client = clients.recv().unwrap();
    assert_fails_in_time(&client);
    unblock.send(()).unwrap();
    runtime.join().unwrap();
    assert_eq!(client.state().current(), State::Closed);
}

#[test]
fn call_times_out_before_an_earlier_call_with_a_later_deadline() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (client, _connection, _peer) = runtime.block_on(pair(Builder::new()));
    drop(client.call(Echo { value: 1 }));
    let started = Instant::now();
    let short = client.with_timeout(Duration::from_millis(100));
    let error = block_on(short.call(Echo { value: 2 })).unwrap_err();
    assert!(error.kind() == ErrorKind::Timeout, "{error}");
    let elapsed = started.elapsed();
    assert!(elapsed < Duration::from_secs(2), "{elapsed:?}");
}

#[test]
fn call_that_waits_for_a_connection_times_out_if_it_is_not_polled() {
    let folder = tempfile::tempdir().unwrap();
    let builder = Client::builder().socket(folder.path().join("api.sock"));
    let builder = builder.wait_for_connection(true);
    let (client, _connection) = builder.connect_lazy().unwrap();
    let client = client.with_timeout(Duration::from_millis(100));
    let started = Instant::now();
    let error = block_on(client.call(Echo { value: 1 })).unwrap_err();
    assert!(error.kind() == ErrorKind::Timeout, "{error}");
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[test]
fn calls_work_on_a_thread_without_tokio() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let client = runtime.block_on(async {
        let server = Server::new();
        let (client, mut peer) = server.connect(server.builder()).await;
        tokio::spawn(async move { while peer.answer_next().await {} });
        client
    });
    for value in 0..100 {
        assert_eq!(block_on(client.call(Echo { value })).unwrap().value, value);
    }
    block_on(client.disconnect());
}
