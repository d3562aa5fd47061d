use vpp_client::Builder;
use vpp_wire::bootstrap::ControlPing;

use crate::messages::{Echo, ItemDump};
use crate::peer::{serve, start};

#[tokio::test]
async fn a_dump_gives_all_items_in_order() {
    let client = serve().await;
    let items = client.dump(ItemDump { count: 1000 }).all().await.unwrap();
    assert!(items.iter().map(|item| item.index).eq(0..1000));
    assert_eq!(client.dump(ItemDump { count: 0 }).all().await.unwrap(), []);
}

#[tokio::test]
async fn a_dropped_dump_is_drained_and_its_context_rests() {
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
