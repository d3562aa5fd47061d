//! Forked children of a connected process, which share its socket but not its threads.
//!
//! This is a separate test binary, because a child also shares the sockets of all other tests.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    dead_code,
    unused_imports,
    reason = "tests fail by panicking and use only some of the helpers"
)]

use std::time::Duration;

use vpp_client::{Builder, Client, Connection, ErrorKind};

use executor::block_on;
use messages::{Echo, ItemDump, Notify, WantTicks};
use peer::{Peer, pair};

mod blocking;
#[path = "../it/executor.rs"]
mod executor;
#[path = "../it/messages.rs"]
mod messages;
#[path = "../it/peer.rs"]
mod peer;
#[path = "../it/tables.rs"]
mod tables;

/// Runs `work` in a forked child with a limit of ten seconds. Returns its result.
#[allow(unsafe_code, reason = "there is no safe fork")]
fn in_child(work: impl FnOnce() -> bool) -> bool {
    // SAFETY: the child only makes calls of this crate, which are under test, and exits without
    // running code of the test harness. The C library resets its allocator after a fork.
    let child = unsafe { libc::fork() };
    assert!(child >= 0, "fork failed");
    if child == 0 {
        // SAFETY: the signal has no handler, so it kills a child that hangs.
        unsafe { libc::alarm(10) };
        let work = std::panic::AssertUnwindSafe(work);
        let is_good = std::panic::catch_unwind(work).unwrap_or(false);
        // SAFETY: this exits the process at once.
        unsafe { libc::_exit(if is_good { 17 } else { 1 }) };
    }
    let mut status = 0;
    // SAFETY: the pointer to the status is valid.
    let waited = unsafe { libc::waitpid(child, &raw mut status, 0) };
    assert_eq!(waited, child);
    libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 17
}

fn current_thread() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}

/// A connected client, whose connection runs on `runtime`.
struct Parent {
    runtime: tokio::runtime::Runtime,
    client: Client,
    connection: tokio::task::JoinHandle<Result<(), vpp_client::Error>>,
    peer: Peer,
}

impl Parent {
    fn new() -> Self {
        let runtime = current_thread();
        let (client, connection, peer) = runtime.block_on(pair(Builder::new()));
        let connection = runtime.spawn(connection);
        let mut parent = Self {
            runtime,
            client,
            connection,
            peer,
        };
        parent.call(1);
        parent
    }

    /// Makes a call and checks that it is the next message that arrives.
    fn call(&mut self, value: u32) {
        let Self {
            runtime,
            client,
            peer,
            ..
        } = self;
        runtime.block_on(async {
            let call = client.call(Echo { value });
            let message = peer.next().await.unwrap();
            assert_eq!(message.read::<Echo>().value, value);
            peer.answer(&message).await;
            assert_eq!(call.await.unwrap().value, value);
        });
    }
}

fn is_forked<T>(result: Result<T, vpp_client::Error>) -> bool {
    result.is_err_and(|error| error.kind() == ErrorKind::Forked)
}

#[test]
fn async_requests_of_a_forked_child_fail_at_once() {
    let mut parent = Parent::new();
    let client = parent.client.clone();
    assert!(in_child(|| {
        is_forked(block_on(client.call(Echo { value: 66 })))
            && is_forked(block_on(client.dump(ItemDump { count: 1 }).all()))
            && is_forked(block_on(client.subscribe::<WantTicks>()))
            && is_forked(block_on(client.ready()))
            && is_forked(client.send(Notify { value: 66 }))
    }));
    parent.call(2);
}

#[test]
fn client_dropped_in_a_forked_child_stays_connected_in_the_parent() {
    let mut parent = Parent::new();
    let client = parent.client.clone();
    assert!(in_child(|| {
        block_on(client.disconnect());
        drop(client);
        true
    }));
    parent.call(2);
    assert!(!parent.connection.is_finished());
}

/// A connection that this thread polls itself, so that a child can drop it.
fn held() -> (tokio::runtime::Runtime, Client, Connection, Peer) {
    let runtime = current_thread();
    let (client, connection, peer) = runtime.block_on(pair(Builder::new()));
    (runtime, client, connection, peer)
}

#[test]
fn connection_dropped_in_a_forked_child_writes_nothing() {
    let (runtime, client, connection, mut peer) = held();
    let mut connection = Some(connection);
    assert!(in_child(|| {
        drop(connection.take());
        true
    }));
    let call = client.call(Echo { value: 3 });
    drop(connection);
    runtime.block_on(async {
        // The parent's `sockclnt_delete` is the first message.
        let message = peer.next().await.unwrap();
        assert_eq!(message.key, "sockclnt_delete_8ac76db6");
        assert!(peer.next().await.is_none());
        assert!(call.await.unwrap_err().kind() == ErrorKind::Disconnected);
    });
}

#[test]
fn parent_continues_after_a_forked_child_drops_the_connection() {
    let (runtime, client, connection, mut peer) = held();
    let mut connection = Some(connection);
    assert!(in_child(|| {
        drop(connection.take());
        true
    }));
    runtime.block_on(async {
        tokio::spawn(connection.unwrap());
        let client = client.with_timeout(Duration::from_secs(5));
        for value in 0..3 {
            let call = client.call(Echo { value });
            peer.answer_next().await;
            assert_eq!(call.await.unwrap().value, value);
        }
    });
}
