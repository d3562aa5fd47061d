//! Requests that wait while the connection is being re-established.

use std::time::Duration;

use vpp_client::connection::State;
use vpp_client::events::Notice;
use vpp_client::{Client, Effect, ErrorKind, ReconnectPolicy};

use crate::messages::{Echo, ItemDump, ItemGet, ItemGetReply, Tick, WantTicks};
use crate::peer::Peer;
use crate::server::{Server, quick};

/// A client that has lost its connection. The server accepts no other.
async fn lost(server: &Server) -> Client {
    let (client, peer) = server.connect(server.builder()).await;
    drop(peer);
    let mut state = client.state();
    while state.next().await.unwrap() == State::Connected {}
    client
}

#[tokio::test]
async fn requests_wait_for_the_connection_and_succeed() {
    let server = Server::new();
    let client = lost(&server).await;
    let error = client.call(Echo { value: 1 }).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Disconnected, "{error}");
    let waiting_client = client.with_wait_for_connection(true);
    let call = waiting_client.call(Echo { value: 2 });
    let dump = waiting_client.dump(ItemDump { count: 3 });
    let get = waiting_client.get(ItemGet { cursor: 0 });
    let subscribe = waiting_client.subscribe::<WantTicks>();
    let serve = async {
        let mut peer: Peer = server.accept().await;
        let mut served = 0;
        while served < 5 {
            let message = peer.next().await.unwrap();
            served += 1;
            if message.is::<ItemGet>() {
                peer.send_items(0..2, message.context).await;
                let end = ItemGetReply {
                    retval: 0,
                    cursor: u32::MAX,
                };
                peer.send(&end, message.context).await;
            } else if message.is::<WantTicks>() {
                let reply = crate::messages::WantTicksReply { retval: 0 };
                peer.send(&reply, message.context).await;
            } else {
                peer.answer(&message).await;
            }
        }
        peer
    };
    let (reply, items, gotten, ticks, mut peer) =
        tokio::join!(call, dump.all(), get.all(), subscribe, serve);
    assert_eq!(reply.unwrap().value, 2);
    assert_eq!(items.unwrap().len(), 3);
    assert_eq!(gotten.unwrap().len(), 2);
    let mut ticks = ticks.unwrap();
    peer.send_tick(0, 4).await;
    let tick = Tick { pid: 0, number: 4 };
    assert_eq!(ticks.next().await.unwrap().unwrap(), Notice::Event(tick));
}

#[tokio::test]
async fn builder_makes_all_requests_wait() {
    let server = Server::new();
    let builder = server.builder().wait_for_connection(true);
    let (client, connection) = builder.connect_lazy().unwrap();
    tokio::spawn(connection);
    let call = client.call(Echo { value: 1 });
    let serve = async { server.accept().await.answer_next().await };
    let (reply, _) = tokio::join!(call, serve);
    assert_eq!(reply.unwrap().value, 1);
    let not_waiting = client.with_wait_for_connection(false);
    let mut state = client.state();
    while state.next().await.unwrap() == State::Connected {}
    let error = not_waiting.call(Echo { value: 1 }).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Disconnected, "{error}");
}

#[tokio::test(start_paused = true)]
async fn waiting_request_times_out_and_is_not_sent() {
    let folder = tempfile::tempdir().unwrap();
    let builder = Client::builder().socket(folder.path().join("api.sock"));
    let builder = builder.wait_for_connection(true).reconnect(quick());
    let (client, connection) = builder.connect_lazy().unwrap();
    tokio::spawn(connection);
    let client = client.with_timeout(Duration::from_secs(2));
    let started = tokio::time::Instant::now();
    let call = client.call(Echo { value: 1 });
    let dump = client.dump(ItemDump { count: 3 }).all();
    let get = client.get(ItemGet { cursor: 0 }).all();
    let subscribe = client.subscribe::<WantTicks>();
    let (call, dump, get, subscribe) = tokio::join!(call, dump, get, subscribe);
    let errors = [
        call.unwrap_err(),
        dump.unwrap_err(),
        get.unwrap_err(),
        subscribe.unwrap_err(),
    ];
    for error in errors {
        let found = (error.kind(), error.effect());
        assert_eq!(found, (ErrorKind::Timeout, Effect::NotSent), "{error}");
    }
    assert_eq!(started.elapsed().as_secs(), 2);
}

#[tokio::test(start_paused = true)]
async fn waiting_request_fails_after_the_last_attempt() {
    let folder = tempfile::tempdir().unwrap();
    let policy = ReconnectPolicy::new().attempts(4);
    let builder = Client::builder().socket(folder.path().join("api.sock"));
    let builder = builder.wait_for_connection(true).reconnect(policy);
    let (client, connection) = builder.connect_lazy().unwrap();
    tokio::spawn(connection);
    let client = client.with_timeout(Duration::from_secs(600));
    let call = client.call(Echo { value: 1 });
    let dump = client.dump(ItemDump { count: 3 }).all();
    let get = client.get(ItemGet { cursor: 0 }).all();
    let subscribe = client.subscribe::<WantTicks>();
    let (call, dump, get, subscribe) = tokio::join!(call, dump, get, subscribe);
    let errors = [
        call.unwrap_err(),
        dump.unwrap_err(),
        get.unwrap_err(),
        subscribe.unwrap_err(),
    ];
    for error in errors {
        let found = (error.kind(), error.effect());
        assert_eq!(found, (ErrorKind::Disconnected, Effect::NotSent), "{error}");
    }
    assert_eq!(client.state().current(), State::Closed);
}

#[tokio::test]
async fn call_in_flight_fails_at_the_loss_and_is_not_sent_again() {
    let server = Server::new();
    let builder = server.builder().wait_for_connection(true);
    let (client, mut peer) = server.connect(builder).await;
    let call = client.call(Echo { value: 1 });
    peer.expect::<Echo>().await;
    drop(peer);
    let error = call.await.unwrap_err();
    let found = (error.kind(), error.effect());
    assert_eq!(found, (ErrorKind::Disconnected, Effect::Unknown), "{error}");
    let next = client.call(Echo { value: 2 });
    let serve = async {
        let mut peer = server.accept().await;
        let message = peer.next().await.unwrap();
        assert_eq!(message.read::<Echo>().value, 2);
        peer.answer(&message).await;
    };
    let (reply, ()) = tokio::join!(next, serve);
    assert_eq!(reply.unwrap().value, 2);
}

#[tokio::test]
async fn dropped_waiting_request_is_not_sent() {
    let server = Server::new();
    let client = lost(&server).await.with_wait_for_connection(true);
    drop(client.call(Echo { value: 1 }));
    let mut call = Box::pin(client.call(Echo { value: 2 }));
    let is_pending =
        std::future::poll_fn(|cx| std::task::Poll::Ready(call.as_mut().poll(cx).is_pending()));
    assert!(is_pending.await);
    drop(call);
    let call = client.call(Echo { value: 3 });
    let serve = async {
        let mut peer = server.accept().await;
        let message = peer.next().await.unwrap();
        assert_eq!(message.read::<Echo>().value, 3);
        peer.answer(&message).await;
    };
    let (reply, ()) = tokio::join!(call, serve);
    assert_eq!(reply.unwrap().value, 3);
}
