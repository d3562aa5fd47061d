//! Subscriptions that end because the new VPP does not have the event.

use futures_util::StreamExt;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use vpp_client::events::Subscription;
use vpp_client::{Error, ErrorKind};
use vpp_wire::Message;

use crate::messages::{Tick, WantTicks};
use crate::peer::{table_with_other_crc, table_without};
use crate::server::Server;

/// The results of a task that was waiting in `next` when the connection was lost.
#[derive(Debug)]
struct Seen {
    error: Error,
    after: [bool; 3],
}

/// How a task waits for events.
#[derive(Debug, Clone, Copy)]
enum Wait {
    Next,
    Stream,
}

/// Spawns a task that waits for events. The receiver resolves just before it waits.
fn sleep_in_next(
    mut ticks: Subscription<Tick>,
    wait: Wait,
) -> (JoinHandle<Seen>, oneshot::Receiver<()>) {
    let (sender, asleep) = oneshot::channel();
    let task = tokio::spawn(async move {
        sender.send(()).unwrap();
        let first = match wait {
            Wait::Next => ticks.next().await,
            Wait::Stream => StreamExt::next(&mut ticks).await,
        };
        let error = first.unwrap().unwrap_err();
        let mut after = [false; 3];
        for is_none in &mut after {
            *is_none = match wait {
                Wait::Next => ticks.next().await.is_none(),
                Wait::Stream => StreamExt::next(&mut ticks).await.is_none(),
            };
        }
        Seen { error, after }
    });
    (task, asleep)
}

async fn check(table: Vec<(String, u16)>, kind: ErrorKind) {
    for wait in [Wait::Next, Wait::Stream] {
        for by_request in [true, false] {
            let server = Server::new();
            let (client, mut peer) = server.connect(server.builder()).await;
            let ticks = if by_request {
                let (ticks, _) = tokio::join!(client.subscribe::<WantTicks>(), peer.confirm());
                ticks.unwrap()
            } else {
                client.events::<Tick>().unwrap()
            };
            let (task, asleep) = sleep_in_next(ticks, wait);
            asleep.await.unwrap();
            // The task waits by the time this one is polled again.
            tokio::task::yield_now().await;
            drop(peer);
            let _peer = server.accept_with(table.clone()).await;
            let seen = task.await.unwrap();
            assert!(seen.error.kind() == kind, "{wait:?} {by_request} {seen:?}");
            assert_eq!(seen.after, [true; 3], "{wait:?} {by_request}");
        }
    }
}

#[tokio::test]
async fn waiting_subscriber_is_woken_when_the_new_vpp_lacks_the_event() {
    check(table_without(Tick::KEY), ErrorKind::MessageUnknown).await;
}

#[tokio::test]
async fn waiting_subscriber_is_woken_when_the_new_vpp_has_the_event_with_another_crc() {
    check(table_with_other_crc(Tick::KEY), ErrorKind::CrcMismatch).await;
}

#[tokio::test]
async fn waiting_subscriber_is_woken_when_the_new_vpp_lacks_the_request() {
    let server = Server::new();
    let (client, mut peer) = server.connect(server.builder()).await;
    let (ticks, _) = tokio::join!(client.subscribe::<WantTicks>(), peer.confirm());
    let (task, asleep) = sleep_in_next(ticks.unwrap(), Wait::Next);
    asleep.await.unwrap();
    tokio::task::yield_now().await;
    drop(peer);
    let _peer = server.accept_with(table_without(WantTicks::KEY)).await;
    let seen = task.await.unwrap();
    assert!(seen.error.kind() == ErrorKind::MessageUnknown, "{seen:?}");
    assert_eq!(seen.after, [true; 3]);
}

#[tokio::test]
async fn new_subscription_receives_an_event_that_a_later_vpp_has_again() {
    let server = Server::new();
    let (client, mut peer) = server.connect(server.builder()).await;
    let (ticks, _) = tokio::join!(client.subscribe::<WantTicks>(), peer.confirm());
    let mut ended = ticks.unwrap();
    drop(peer);
    let peer = server.accept_with(table_without(Tick::KEY)).await;
    assert!(ended.next().await.unwrap().is_err());
    drop(peer);
    let mut peer = server.accept().await;
    client.connected().await.unwrap();
    // The old subscription still exists and shares the registration.
    let (ticks, want) = tokio::join!(client.subscribe::<WantTicks>(), peer.confirm());
    let mut ticks = ticks.unwrap();
    peer.send_tick(want.pid, 4).await;
    let event = ticks.next().await.unwrap().unwrap().event().unwrap();
    assert_eq!(event.number, 4);
    assert!(ended.next().await.is_none());
}
