use futures_util::StreamExt;
use vpp_client::events::{Notice, Subscription};
use vpp_client::{Builder, Client, ErrorKind};
use vpp_wire::VppError;

use crate::messages::{Echo, Tick, WantTicks, WantTicksReply};
use crate::peer::{Peer, start};

pub async fn subscribe(client: &Client, peer: &mut Peer) -> Subscription<Tick> {
    let agree = async {
        let (context, want) = peer.expect::<WantTicks>().await;
        assert_eq!(
            want,
            WantTicks {
                enable: true,
                pid: std::process::id(),
                group: 0
            }
        );
        peer.send(&WantTicksReply { retval: 0 }, context).await;
    };
    let (ticks, ()) = tokio::join!(client.subscribe::<WantTicks>(), agree);
    ticks.unwrap()
}

pub async fn tick(peer: &mut Peer, number: u32) {
    peer.send(&Tick { pid: 1, number }, 0).await;
}

/// Waits until everything that was sent has arrived.
async fn settle(client: &Client, peer: &mut Peer) {
    let call = client.call(Echo { value: 0 });
    peer.answer_next().await;
    call.await.unwrap();
}

async fn number(ticks: &mut Subscription<Tick>) -> u32 {
    ticks.next().await.unwrap().unwrap().event().unwrap().number
}

#[tokio::test]
async fn events_are_a_stream_that_unsubscribes_when_dropped() {
    let (client, mut peer) = start(Builder::new()).await;
    let mut ticks = subscribe(&client, &mut peer).await;
    for number in 0..3 {
        tick(&mut peer, number).await;
    }
    for number in 0..3 {
        let event = StreamExt::next(&mut ticks).await.unwrap().unwrap();
        assert_eq!(event, Notice::Event(Tick { pid: 1, number }));
    }
    drop(ticks);
    assert!(!peer.expect::<WantTicks>().await.1.enable);
    // An event that was already sent is discarded.
    tick(&mut peer, 4).await;
    settle(&client, &mut peer).await;
}

#[tokio::test]
async fn subscriptions_to_the_same_events_share_one_registration() {
    let (client, mut peer) = start(Builder::new()).await;
    let mut first = subscribe(&client, &mut peer).await;
    let mut second = client.subscribe::<WantTicks>().await.unwrap();
    tick(&mut peer, 1).await;
    assert_eq!(number(&mut first).await, 1);
    assert_eq!(number(&mut second).await, 1);
    drop(first);
    tick(&mut peer, 2).await;
    assert_eq!(number(&mut second).await, 2);
    drop(second);
    assert!(!peer.expect::<WantTicks>().await.1.enable);
    drop(subscribe(&client, &mut peer).await);
}

#[tokio::test]
async fn lost_events_are_reported_at_their_position() {
    let (client, mut peer) = start(Builder::new().event_limit(2)).await;
    let mut ticks = subscribe(&client, &mut peer).await;
    for number in 0..5 {
        tick(&mut peer, number).await;
    }
    settle(&client, &mut peer).await;
    assert_eq!(number(&mut ticks).await, 0);
    tick(&mut peer, 9).await;
    assert_eq!(number(&mut ticks).await, 1);
    assert_eq!(ticks.next().await.unwrap().unwrap(), Notice::Lagged(3));
    assert_eq!(number(&mut ticks).await, 9);
}

#[tokio::test]
async fn refused_subscription_is_an_error_and_is_not_turned_off() {
    let (client, mut peer) = start(Builder::new()).await;
    let refuse = async {
        let (context, _) = peer.expect::<WantTicks>().await;
        peer.send(&WantTicksReply { retval: -7 }, context).await;
    };
    let (ticks, ()) = tokio::join!(client.subscribe::<WantTicks>(), refuse);
    assert_eq!(
        ticks.unwrap_err().vpp_error(),
        Some(VppError::INVALID_VALUE)
    );
    settle(&client, &mut peer).await;
    drop(subscribe(&client, &mut peer).await);
}

#[tokio::test]
async fn subscription_dropped_before_its_reply_is_turned_off() {
    let (client, mut peer) = start(Builder::new()).await;
    let asking = tokio::spawn({
        let client = client.clone();
        async move { client.subscribe::<WantTicks>().await }
    });
    let (context, _) = peer.expect::<WantTicks>().await;
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
    assert!(!peer.expect::<WantTicks>().await.1.enable);
    peer.send(&WantTicksReply { retval: 0 }, context).await;
    drop(subscribe(&client, &mut peer).await);
}

#[tokio::test]
async fn undecodable_event_is_an_error_but_does_not_end_the_stream() {
    let (client, mut peer) = start(Builder::new()).await;
    let mut ticks = subscribe(&client, &mut peer).await;
    let id = peer.id::<Tick>();
    peer.send_as(id, &WantTicksReply { retval: 0 }, 0).await;
    tick(&mut peer, 7).await;
    assert!(ticks.next().await.unwrap().unwrap_err().kind() == ErrorKind::Decode);
    assert_eq!(number(&mut ticks).await, 7);
}

#[tokio::test]
async fn existing_registration_is_renewed_once() {
    let (client, mut peer) = start(Builder::new()).await;
    let refuse = async {
        let (context, want) = peer.expect::<WantTicks>().await;
        assert!(want.enable);
        peer.send(&WantTicksReply { retval: -31 }, context).await;
        let (_, want) = peer.expect::<WantTicks>().await;
        assert!(!want.enable);
        let (context, want) = peer.expect::<WantTicks>().await;
        assert!(want.enable);
        peer.send(&WantTicksReply { retval: -31 }, context).await;
    };
    let (ticks, ()) = tokio::join!(client.subscribe::<WantTicks>(), refuse);
    assert_eq!(
        ticks.unwrap_err().vpp_error(),
        Some(VppError::INVALID_REGISTRATION)
    );
}
