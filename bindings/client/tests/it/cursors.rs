use vpp_client::{Builder, Client, ErrorKind};
use vpp_wire::VppError;

use crate::messages::{Echo, EchoReply, ItemDetails, ItemGet, ItemGetReply};
use crate::peer::{Peer, start};

const END: u32 = u32::MAX;

async fn expect_request(peer: &mut Peer) -> (u32, u32) {
    let (context, get) = peer.expect::<ItemGet>().await;
    (context, get.cursor)
}

async fn reply(peer: &mut Peer, context: u32, retval: i32, cursor: u32) {
    peer.send(&ItemGetReply { retval, cursor }, context).await;
}

async fn once(retval: i32, cursor: u32) -> Result<Vec<ItemDetails>, vpp_client::Error> {
    let (client, mut peer) = start(Builder::new()).await;
    let stream = client.get(ItemGet { cursor: 0 });
    let (context, _) = expect_request(&mut peer).await;
    reply(&mut peer, context, retval, cursor).await;
    stream.all().await
}

#[tokio::test]
async fn slices_are_one_stream() {
    let (client, mut peer) = start(Builder::new()).await;
    let mut stream = client.get(ItemGet { cursor: 0 });
    tokio::spawn(async move {
        for (from, to, retval, next) in [(0, 3, -165, 3), (3, 4, -165, 4), (4, 9, 0, END)] {
            let (context, cursor) = expect_request(&mut peer).await;
            assert_eq!(cursor, from);
            peer.send_items(from..to, context).await;
            reply(&mut peer, context, retval, next).await;
        }
        peer.next().await
    });
    let mut found = Vec::new();
    while let Some(item) = stream.next().await {
        found.push(item.unwrap().index);
    }
    assert_eq!(found, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(stream.cursor(), Some(END));
    assert_eq!(
        stream.reply(),
        Some(&ItemGetReply {
            retval: 0,
            cursor: END
        })
    );
}

#[tokio::test]
async fn every_reply_without_more_items_ends_the_stream() {
    // VPP leaves the cursor unset for an empty pool and returns -7 for an empty vector.
    for (retval, cursor) in [(0, 0xdead_beef), (0, END), (0, 17), (-165, END), (-7, END)] {
        assert_eq!(once(retval, cursor).await.unwrap(), [], "{retval} {cursor}");
    }
}

#[tokio::test]
async fn slice_whose_items_were_removed_ends_the_stream() {
    let (client, mut peer) = start(Builder::new()).await;
    let stream = client.get(ItemGet { cursor: 0 });
    tokio::spawn(async move {
        let (context, _) = expect_request(&mut peer).await;
        peer.send_items(0..2, context).await;
        reply(&mut peer, context, -165, 2).await;
        let (context, _) = expect_request(&mut peer).await;
        reply(&mut peer, context, -7, 0).await;
        peer.next().await
    });
    assert_eq!(stream.all().await.unwrap().len(), 2);
}

#[tokio::test]
async fn refusal_is_an_error() {
    for (retval, cursor) in [(-7, 5), (-2, END)] {
        let error = once(retval, cursor).await.unwrap_err();
        assert_eq!(error.vpp_error(), Some(VppError(retval)));
        assert_eq!(error.reply::<ItemGetReply>().unwrap().cursor, cursor);
    }
}

#[tokio::test]
async fn cursor_that_does_not_change_is_an_error() {
    let (client, mut peer) = start(Builder::new()).await;
    let stream = client.get(ItemGet { cursor: 5 });
    tokio::spawn(async move {
        while let Some(message) = peer.next().await {
            reply(&mut peer, message.context, -165, 5).await;
        }
    });
    assert_eq!(
        stream.all().await.unwrap_err().vpp_error(),
        Some(VppError::EAGAIN)
    );
}

#[tokio::test]
async fn stream_keeps_the_connection_open_between_slices() {
    let (client, mut peer): (Client, Peer) = start(Builder::new()).await;
    let stream = client.get(ItemGet { cursor: 0 });
    drop(client);
    tokio::spawn(async move {
        for (retval, next) in [(-165, 1), (0, END)] {
            let (context, cursor) = expect_request(&mut peer).await;
            peer.send_items(cursor..cursor + 1, context).await;
            reply(&mut peer, context, retval, next).await;
        }
        peer.next().await
    });
    assert_eq!(stream.all().await.unwrap().len(), 2);
}

#[tokio::test]
async fn unexpected_message_is_an_error() {
    let (client, mut peer) = start(Builder::new()).await;
    let stream = client.get(ItemGet { cursor: 0 });
    let call = client.call(Echo { value: 1 });
    let (context, _) = expect_request(&mut peer).await;
    peer.send(&EchoReply::default(), context).await;
    assert!(stream.all().await.unwrap_err().kind() == ErrorKind::UnexpectedMessage);
    peer.answer_next().await;
    assert_eq!(call.await.unwrap().value, 1);
}
