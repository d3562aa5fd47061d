//! Wakers that run code of this crate when they are dropped.

use std::pin::pin;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use vpp_client::calls::Call;
use vpp_client::connection::State;
use vpp_client::{Builder, Client, Connection};

use crate::messages::{Echo, EchoReply, ItemDump, WantTicks};
use crate::peer::{Peer, pair};

/// A waker that owns a call.
struct Holder(Mutex<Option<Call<EchoReply>>>);

impl Wake for Holder {
    fn wake(self: Arc<Self>) {}
}

impl Drop for Holder {
    fn drop(&mut self) {
        drop(self.0.get_mut().unwrap().take());
    }
}

fn holder(client: &Client) -> Waker {
    let call = client.call(Echo { value: 0 });
    Waker::from(Arc::new(Holder(Mutex::new(Some(call)))))
}

/// Polls once with a waker that has no other references.
fn poll_with_holder<F: Future>(client: &Client, future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    let waker = holder(client);
    future.poll(&mut Context::from_waker(&waker))
}

fn connected() -> (tokio::runtime::Runtime, Client, Connection, Peer) {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().build().unwrap();
    let (client, connection, peer) = runtime.block_on(pair(Builder::new()));
    (runtime, client, connection, peer)
}

/// Runs `work` on its own thread and fails if it does not return.
fn does_not_deadlock(work: impl FnOnce() + Send + 'static) {
    let (sender, done) = mpsc::channel();
    let working = thread::spawn(move || {
        work();
        // Without a receiver, the deadlock was reported already.
        let _ = sender.send(());
    });
    if done.recv_timeout(Duration::from_secs(20)) == Err(mpsc::RecvTimeoutError::Timeout) {
        panic!("a deadlock");
    }
    working.join().unwrap();
}

#[test]
fn waker_that_drops_a_call_can_be_replaced() {
    does_not_deadlock(|| {
        let (_runtime, client, _connection, _peer) = connected();
        let mut call = pin!(client.call(Echo { value: 1 }));
        let mut dump = client.dump(ItemDump { count: 1 });
        let mut next = pin!(dump.next());
        let mut state = client.state();
        assert_eq!(state.current(), State::Connected);
        let mut closed = pin!(state.wait_for(State::Closed));
        for _ in 0..3 {
            assert!(poll_with_holder(&client, call.as_mut()).is_pending());
            assert!(poll_with_holder(&client, next.as_mut()).is_pending());
            assert!(poll_with_holder(&client, closed.as_mut()).is_pending());
        }
    });
}

#[test]
fn waker_that_drops_a_call_can_be_released_with_its_future() {
    does_not_deadlock(|| {
        let (_runtime, client, connection, _peer) = connected();
        {
            let mut call = pin!(client.call(Echo { value: 1 }));
            assert!(poll_with_holder(&client, call.as_mut()).is_pending());
            let mut dump = client.dump(ItemDump { count: 1 });
            let mut next = pin!(dump.next());
            assert!(poll_with_holder(&client, next.as_mut()).is_pending());
            let mut subscribe = pin!(client.subscribe::<WantTicks>());
            assert!(poll_with_holder(&client, subscribe.as_mut()).is_pending());
            let mut ticks = client.events::<crate::messages::Tick>().unwrap();
            let mut tick = pin!(ticks.next());
            assert!(poll_with_holder(&client, tick.as_mut()).is_pending());
            let mut state = client.state();
            let mut closed = pin!(state.wait_for(State::Closed));
            assert!(poll_with_holder(&client, closed.as_mut()).is_pending());
        }
        drop(connection);
        assert_eq!(client.counters().in_flight, 0);
    });
}

#[test]
fn waker_that_drops_a_call_can_be_woken_by_a_reply_and_by_a_loss() {
    does_not_deadlock(|| {
        let (runtime, client, connection, mut peer) = connected();
        let mut call = pin!(client.call(Echo { value: 1 }));
        assert!(poll_with_holder(&client, call.as_mut()).is_pending());
        let mut lost = pin!(client.call(Echo { value: 2 }));
        let mut state = client.state();
        let mut closed = pin!(state.wait_for(State::Closed));
        let mut ticks = client.events::<crate::messages::Tick>().unwrap();
        let mut tick = pin!(ticks.next());
        assert!(poll_with_holder(&client, lost.as_mut()).is_pending());
        assert!(poll_with_holder(&client, closed.as_mut()).is_pending());
        assert!(poll_with_holder(&client, tick.as_mut()).is_pending());
        runtime.block_on(async {
            let connection = tokio::spawn(connection);
            peer.answer_next().await;
            assert_eq!(call.await.unwrap().value, 1);
            drop(peer);
            lost.await.unwrap_err();
            assert!(closed.await);
            tick.await.unwrap().unwrap_err();
            connection.await.unwrap().unwrap_err();
        });
    });
}

#[test]
fn connection_waker_that_drops_a_call_can_be_replaced() {
    does_not_deadlock(|| {
        let (runtime, client, connection, _peer) = connected();
        let _inside = runtime.enter();
        let mut connection = pin!(connection);
        for _ in 0..5 {
            assert!(poll_with_holder(&client, connection.as_mut()).is_pending());
        }
    });
}
