//! Dispatching events to subscribers.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use vpp_client::events::Subscription;
use vpp_client::{Builder, Client};

use crate::messages::{Door, Echo, Tick, WantDoors, WantDoorsReply, WantTicks};
use crate::peer::{Peer, start};

fn group(group: u32) -> WantTicks {
    WantTicks {
        group,
        ..WantTicks::default()
    }
}

/// Subscribes to the events of a group. Returns also the `pid` of the registration.
async fn subscribe(client: &Client, peer: &mut Peer, number: u32) -> (Subscription<Tick>, u32) {
    let (ticks, want) = tokio::join!(client.subscribe_with(group(number)), peer.confirm());
    assert!(want.enable);
    assert_eq!(want.group, number);
    (ticks.unwrap(), want.pid)
}

/// Waits until everything that the peer has sent has arrived.
async fn settle(client: &Client, peer: &mut Peer) {
    let call = client.call(Echo { value: 0 });
    peer.answer_next().await;
    call.await.unwrap();
}

/// The numbers of the events that have arrived.
async fn arrived(ticks: &mut Subscription<Tick>) -> Vec<u32> {
    let mut numbers = Vec::new();
    loop {
        tokio::select! {
            biased;
            notice = ticks.next() => {
                numbers.push(notice.unwrap().unwrap().event().unwrap().number);
            }
            () = std::future::ready(()) => return numbers,
        }
    }
}

#[tokio::test]
async fn event_reaches_only_the_subscribers_of_its_registration() {
    let (client, mut peer) = start(Builder::new()).await;
    let (mut first, pid) = subscribe(&client, &mut peer, 1).await;
    let (mut second, other) = subscribe(&client, &mut peer, 2).await;
    assert!(pid != 0 && other != 0 && pid != other, "{pid} {other}");
    // Equal requests share a registration.
    let mut third = client.subscribe_with(group(2)).await.unwrap();
    peer.send_tick(pid, 10).await;
    peer.send_tick(other, 20).await;
    settle(&client, &mut peer).await;
    assert_eq!(arrived(&mut first).await, [10]);
    assert_eq!(arrived(&mut second).await, [20]);
    assert_eq!(arrived(&mut third).await, [20]);

    drop(second);
    settle(&client, &mut peer).await;
    drop(third);
    let (_, want) = peer.expect::<WantTicks>().await;
    let off = WantTicks {
        enable: false,
        pid: other,
        group: 2,
    };
    assert_eq!(want, off);
    peer.send_tick(pid, 11).await;
    settle(&client, &mut peer).await;
    assert_eq!(arrived(&mut first).await, [11]);
}

#[tokio::test]
async fn event_with_an_unknown_pid_reaches_every_subscriber_once() {
    let (client, mut peer) = start(Builder::new()).await;
    let (mut first, pid) = subscribe(&client, &mut peer, 1).await;
    let (mut second, other) = subscribe(&client, &mut peer, 2).await;
    let mut third = client.subscribe_with(group(2)).await.unwrap();
    let unknown = (1..).find(|it| ![pid, other].contains(it)).unwrap();
    for (named, number) in [(0, 5), (unknown, 6)] {
        peer.send_tick(named, number).await;
    }
    settle(&client, &mut peer).await;
    for ticks in [&mut first, &mut second, &mut third] {
        assert_eq!(arrived(ticks).await, [5, 6]);
    }
}

#[tokio::test]
async fn each_of_thousands_of_registrations_receives_its_own_event() {
    const REGISTRATIONS: u32 = 3000;
    let (client, mut peer) = start(Builder::new()).await;
    let mut subscriptions = Vec::new();
    let mut pids = HashSet::new();
    let mut order = Vec::new();
    for number in 0..REGISTRATIONS {
        let (ticks, pid) = subscribe(&client, &mut peer, number).await;
        assert!(pid != 0 && pids.insert(pid), "{pid} is not new");
        subscriptions.push(ticks);
        order.push(pid);
    }
    let started = Instant::now();
    let sending = async {
        for (number, pid) in (0..).zip(&order) {
            peer.send_tick(*pid, number).await;
        }
        peer
    };
    let reading = async {
        for (number, ticks) in (0..).zip(&mut subscriptions) {
            let event = ticks.next().await.unwrap().unwrap().event().unwrap();
            assert_eq!(event.number, number);
        }
    };
    let (mut peer, ()) = tokio::join!(sending, reading);
    let elapsed = started.elapsed();
    assert!(elapsed < Duration::from_secs(10), "{elapsed:?}");
    settle(&client, &mut peer).await;
    for ticks in &mut subscriptions {
        assert_eq!(arrived(ticks).await, [0; 0]);
    }
}

#[tokio::test]
async fn listener_receives_events_that_another_request_turned_on() {
    let (client, mut peer) = start(Builder::new()).await;
    let mut ticks = client.events::<Tick>().unwrap();
    // The call represents a request that turns events on.
    let call = client.call(Echo { value: 1 });
    peer.answer_next().await;
    call.await.unwrap();
    peer.send_tick(0, 1).await;
    peer.send_tick(77, 2).await;
    settle(&client, &mut peer).await;
    assert_eq!(arrived(&mut ticks).await, [1, 2]);
    drop(ticks);
    // No events were requested, so none are turned off.
    settle(&client, &mut peer).await;
}

#[tokio::test]
async fn listener_receives_the_events_of_all_registrations() {
    let (client, mut peer) = start(Builder::new()).await;
    let mut all = client.events::<Tick>().unwrap();
    let (mut first, pid) = subscribe(&client, &mut peer, 1).await;
    let (mut second, other) = subscribe(&client, &mut peer, 2).await;
    let mut later = client.events::<Tick>().unwrap();
    for (named, number) in [(pid, 1), (other, 2), (0, 3)] {
        peer.send_tick(named, number).await;
    }
    settle(&client, &mut peer).await;
    assert_eq!(arrived(&mut all).await, [1, 2, 3]);
    assert_eq!(arrived(&mut later).await, [1, 2, 3]);
    assert_eq!(arrived(&mut first).await, [1, 3]);
    assert_eq!(arrived(&mut second).await, [2, 3]);
}

#[tokio::test]
async fn events_without_a_pid_are_selected_by_the_fields_of_the_request() {
    let (client, mut peer) = start(Builder::new()).await;
    let mut doors = Vec::new();
    for door in [1, 2, u32::MAX] {
        let enable = true;
        let request = WantDoors { door, enable };
        let agree = async {
            let (context, _) = peer.expect::<WantDoors>().await;
            peer.send(&WantDoorsReply { retval: 0 }, context).await;
        };
        let (subscription, ()) = tokio::join!(client.subscribe_with(request), agree);
        doors.push(subscription.unwrap());
    }
    for door in [2, 1, 3] {
        let open = true;
        peer.send(&Door { open, door }, 0).await;
    }
    for (subscription, expected) in doors.iter_mut().zip([&[1][..], &[2], &[2, 1, 3]]) {
        for door in expected {
            let event = subscription.next().await.unwrap().unwrap().event().unwrap();
            assert_eq!(event.door, *door);
        }
    }
    client.disconnect().await;
    for subscription in &mut doors {
        assert!(subscription.next().await.unwrap().is_err());
    }
}
