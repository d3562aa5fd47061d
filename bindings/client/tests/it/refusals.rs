//! Refusals whose reply cannot be decoded, because VPP sets only `retval`.

use vpp_client::{Builder, Effect, Error, ErrorKind};
use vpp_wire::{
    DecodeError, EncodeError, Layout, Message, Reader, Reply, Request, VarString, VppError, Wire,
    Writer, frame,
};

use crate::messages::{Echo, EchoReply, ItemGet, ItemGetReply, message};
use crate::peer::{Peer, pair_with, start, table};

message!(
    Describe,
    "describe",
    0x71,
    "describe_00000071",
    Layout::REQUEST,
    {}
);
message!(DescribeReply, "describe_reply", 0x72, "describe_reply_00000072", Layout::REPLY,
    { retval: i32, text: VarString });

impl Request for Describe {
    type Reply = DescribeReply;
}

impl Reply for DescribeReply {
    const RETVAL: Option<usize> = Some(6);

    fn retval(&self) -> i32 {
        self.retval
    }
}

/// Sends a reply with `retval` and then only the bytes `rest`.
async fn refuse<R: Message>(peer: &mut Peer, context: u32, retval: i32, rest: &[u8]) {
    let mut payload = peer.id::<R>().to_be_bytes().to_vec();
    payload.extend(context.to_be_bytes());
    payload.extend(retval.to_be_bytes());
    payload.extend(rest);
    let mut bytes = Vec::new();
    frame::wrap(&payload, &mut bytes).unwrap();
    peer.raw(&bytes).await;
}

fn assert_refused(error: &Error) {
    assert!(error.kind() == ErrorKind::Api, "{error}");
    assert_eq!(error.effect(), Effect::Refused);
    assert_eq!(error.vpp_error(), Some(VppError(-79)));
    assert!(error.to_string().contains("-79"), "{error}");
    assert!(error.reply::<EchoReply>().is_none());
    assert!(error.reply::<ItemGetReply>().is_none());
}

#[tokio::test]
async fn reply_truncated_after_retval_is_a_refusal() {
    let (client, mut peer) = start(Builder::new()).await;
    for rest in [&[][..], &[1], &[1, 2, 3]] {
        let call = client.call(Echo { value: 1 });
        let (context, _) = peer.expect::<Echo>().await;
        refuse::<EchoReply>(&mut peer, context, -79, rest).await;
        assert_refused(&call.await.unwrap_err());
    }
}

#[tokio::test]
async fn reply_with_garbage_after_retval_is_a_refusal() {
    let mut messages = table(100);
    messages.push((Describe::KEY.to_owned(), 300));
    messages.push((DescribeReply::KEY.to_owned(), 301));
    let (client, connection, mut peer) = pair_with(Builder::new(), messages).await;
    tokio::spawn(connection);
    let call = client.call(Describe {});
    let (context, _) = peer.expect::<Describe>().await;
    // The string's length is beyond the payload.
    refuse::<DescribeReply>(&mut peer, context, -79, &[0xff; 12]).await;
    let error = call.await.unwrap_err();
    assert_refused(&error);
    assert!(error.reply::<DescribeReply>().is_none());
}

#[tokio::test]
async fn truncated_reply_without_a_refusal_is_a_decode_error() {
    let (client, mut peer) = start(Builder::new()).await;
    let call = client.call(Echo { value: 1 });
    let (context, _) = peer.expect::<Echo>().await;
    refuse::<EchoReply>(&mut peer, context, 0, &[1]).await;
    let error = call.await.unwrap_err();
    assert!(error.kind() == ErrorKind::Decode, "{error}");
    assert_eq!(error.effect(), Effect::Unknown);
}

#[tokio::test]
async fn truncated_reply_to_a_cursor_request_is_a_refusal() {
    let (client, mut peer) = start(Builder::new()).await;
    for rest in [&[][..], &[9, 9]] {
        let mut stream = client.get(ItemGet { cursor: 0 });
        let (context, _) = peer.expect::<ItemGet>().await;
        peer.send_items(0..2, context).await;
        refuse::<ItemGetReply>(&mut peer, context, -79, rest).await;
        for index in 0..2 {
            assert_eq!(stream.next().await.unwrap().unwrap().index, index);
        }
        assert_refused(&stream.next().await.unwrap().unwrap_err());
        assert!(stream.next().await.is_none());
        assert!(stream.reply().is_none());
    }
}
