use vpp_client::{Builder, ErrorKind};
use vpp_wire::bootstrap::ControlPing;

use crate::messages::{Echo, EchoReply, ItemDump, WantTicksReply};
use crate::peer::{serve, start};

#[tokio::test]
async fn dump_returns_all_items_in_order() {
    let client = serve().await;
    let items = client.dump(ItemDump { count: 1000 }).all().await.unwrap();
    assert!(items.iter().map(|item| item.index).eq(0..1000));
    assert_eq!(client.dump(ItemDump { count: 0 }).all().await.unwrap(), []);
}

#[tokio::test]
async fn dropped_dump_is_drained_and_its_context_is_not_reused() {
    let (client, mut peer) = start(Builder::new()).await;
    let mut dump = client.dump(ItemDump { count: 10 });
    let (context, _) = peer.expect::<ItemDump>().await;
    peer.expect::<ControlPing>().await;
    peer.send_items(0..5, context).await;
    assert_eq!(dump.next().await.unwrap().unwrap().index, 0);
    drop(dump);
    for value in 0..100 {
        let call = client.call(Echo { value });
        let message = peer.next().await.unwrap();
        assert_ne!(message.context, context);
        peer.send_items(5..6, context).await;
        peer.answer(&message).await;
        assert_eq!(call.await.unwrap().value, value);
    }
    peer.send_pong(context).await;
}

#[tokio::test]
async fn slow_reader_loses_nothing_and_does_not_delay_other_calls() {
    const ITEMS: u32 = 20_000;
    let client = serve().await;
    let mut dump = client.dump(ItemDump { count: ITEMS });
    assert_eq!(dump.next().await.unwrap().unwrap().index, 0);
    // The reader is idle while other calls continue.
    for value in 0..100 {
        assert_eq!(client.call(Echo { value }).await.unwrap().value, value);
    }
    let rest = dump.all().await.unwrap();
    assert!(rest.iter().map(|item| item.index).eq(1..ITEMS));
}

#[tokio::test]
async fn dump_beyond_its_limit_ends_with_an_error() {
    // Each item is a frame of 16 + 74 bytes.
    let (client, mut peer) = start(Builder::new().dump_limit(10 * 90)).await;
    let mut dump = client.dump(ItemDump { count: 11 });
    let small = client.dump(ItemDump { count: 10 });
    // Each dump is a request and a ping.
    for _ in 0..4 {
        peer.answer_next().await;
    }
    assert_eq!(small.all().await.unwrap().len(), 10);
    for index in 0..10 {
        assert_eq!(dump.next().await.unwrap().unwrap().index, index);
    }
    let error = dump.next().await.unwrap().unwrap_err();
    assert!(error.kind() == ErrorKind::Limit);
    assert_eq!(
        error.to_string(),
        "item_dump: the unread bytes of this dump reached the limit of 900"
    );
    assert!(dump.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn timeout_of_a_dump_restarts_with_each_item() {
    let (client, mut peer) = start(Builder::new()).await;
    let mut dump = client.dump(ItemDump { count: 10 });
    let (context, _) = peer.expect::<ItemDump>().await;
    for index in 0..3 {
        tokio::time::advance(std::time::Duration::from_secs(4)).await;
        peer.send_items(index..index + 1, context).await;
        assert_eq!(dump.next().await.unwrap().unwrap().index, index);
    }
    assert!(dump.next().await.unwrap().unwrap_err().kind() == ErrorKind::Timeout);
    assert!(dump.next().await.is_none());
}

#[tokio::test]
async fn error_names_the_unexpected_message() {
    let (client, mut peer) = start(Builder::new()).await;
    let dump = client.dump(ItemDump { count: 10 });
    let (context, _) = peer.expect::<ItemDump>().await;
    peer.send(&EchoReply::default(), context).await;
    let error = dump.all().await.unwrap_err();
    assert!(error.kind() == ErrorKind::UnexpectedMessage);
    let text = error.to_string();
    assert!(
        text.contains("echo_reply") && text.contains("item_details"),
        "{text}"
    );
}

#[tokio::test]
async fn undeclared_reply_to_a_dump_is_ignored() {
    let (client, mut peer) = start(Builder::new()).await;
    let dump = client.dump(ItemDump { count: 3 });
    let (context, _) = peer.expect::<ItemDump>().await;
    peer.send_items(0..3, context).await;
    peer.send(&WantTicksReply::default(), context).await;
    peer.expect::<ControlPing>().await;
    peer.send_pong(context).await;
    assert_eq!(dump.all().await.unwrap().len(), 3);
}
