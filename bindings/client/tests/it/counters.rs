//! The counters of a client.

use vpp_client::Builder;

use crate::messages::{Echo, EchoReply};
use crate::peer::start;

#[tokio::test]
async fn counters_count_without_a_subscriber() {
    let (client, mut peer) = start(Builder::new()).await;
    let before = client.counters();
    assert_eq!((before.connects, before.requests), (1, 0));
    let call = client.call(Echo { value: 1 });
    assert_eq!(client.counters().in_flight, 1);
    assert_eq!(client.counters().memory, 30);
    peer.answer_next().await;
    call.await.unwrap();
    let after = client.counters();
    assert_eq!((after.requests, after.replies), (1, 1));
    assert_eq!((after.in_flight, after.memory), (0, 0));
    assert_eq!(after.bytes_sent - before.bytes_sent, 30);
    assert_eq!(after.bytes_received - before.bytes_received, 30);
}

#[tokio::test]
async fn late_and_stray_frames_are_counted() {
    let (client, mut peer) = start(Builder::new()).await;
    peer.send(&EchoReply::default(), 0x7fff_0000).await;
    // A message that is not in the table, too short for a context.
    peer.raw(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0x77, 0x77])
        .await;
    let dropped = client.call(Echo { value: 1 });
    let message = peer.next().await.unwrap();
    drop(dropped);
    peer.answer(&message).await;
    let call = client.call(Echo { value: 2 });
    let message = peer.next().await.unwrap();
    // The second reply is late.
    peer.answer(&message).await;
    peer.answer(&message).await;
    call.await.unwrap();
    let call = client.call(Echo { value: 3 });
    peer.answer_next().await;
    call.await.unwrap();
    let counters = client.counters();
    assert_eq!((counters.stray_frames, counters.late_replies), (2, 2));
    assert_eq!(counters.replies, 2);
}
