//! Streams that arrive in pieces.

use vpp_client::Builder;
use vpp_wire::bootstrap::ControlPingReply;

use crate::messages::{Echo, EchoReply, ItemDetails, ItemDump, Tick, WantTicks};
use crate::peer::{Peer, pair, start};

fn echo_reply(peer: &Peer, value: u32, context: u32) -> Vec<u8> {
    peer.frame_of(&EchoReply { retval: 0, value }, context)
}

/// Makes calls whose answers arrive in two pieces. Returns the length of the stream. `round`
/// differs each time, so that answers of another round are detected.
async fn round(client: &vpp_client::Client, peer: &mut Peer, round: u32, split: usize) -> usize {
    let first = client.call(Echo { value: round });
    let dump = client.dump(ItemDump { count: 2 });
    let last = client.call(Echo { value: round + 1 });
    // The answers to all calls as one stream, in another order.
    let mut contexts = Vec::new();
    for _ in 0..4 {
        contexts.push(peer.next().await.unwrap().context);
    }
    let [first_context, dump_context, _, last_context] = contexts[..] else {
        panic!("four messages have four contexts");
    };
    let item = |index| ItemDetails {
        index,
        ..ItemDetails::default()
    };
    let tick = Tick {
        pid: 0,
        number: round,
    };
    let mut stream = echo_reply(peer, round + 1, last_context);
    stream.extend(peer.frame_of(&item(0), dump_context));
    stream.extend(peer.frame_of(&tick, 0));
    stream.extend(peer.frame_of(&item(1), dump_context));
    stream.extend(echo_reply(peer, round, first_context));
    stream.extend(peer.frame_of(&ControlPingReply::default(), dump_context));
    let (start, end) = stream.split_at(split.min(stream.len()));
    peer.raw(start).await;
    // The connection reads the first piece before the second is written.
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
    peer.raw(end).await;
    assert_eq!(first.await.unwrap().value, round, "split at {split}");
    assert_eq!(last.await.unwrap().value, round + 1, "split at {split}");
    let items = dump.all().await.unwrap();
    assert!(
        items.iter().map(|item| item.index).eq(0..2),
        "split at {split}"
    );
    stream.len()
}

#[tokio::test]
async fn replies_split_at_any_byte_reach_their_calls() {
    let (client, mut peer) = start(Builder::new()).await;
    let (ticks, _) = tokio::join!(client.subscribe::<WantTicks>(), peer.confirm());
    let mut ticks = ticks.unwrap();
    let length = round(&client, &mut peer, 0, 0).await;
    assert!(length > 200);
    for split in 1..=length {
        let number = 2 * u32::try_from(split).unwrap();
        round(&client, &mut peer, number, split).await;
    }
    for split in 0..=length {
        let number = 2 * u32::try_from(split).unwrap();
        let event = ticks.next().await.unwrap().unwrap().event().unwrap();
        assert_eq!(event.number, number);
    }
    let counters = client.counters();
    assert_eq!((counters.late_replies, counters.stray_frames), (0, 0));
}

#[tokio::test]
async fn stream_that_ends_at_any_byte_of_a_reply_is_a_loss() {
    for cut in 0..30 {
        let (client, connection, mut peer) = pair(Builder::new()).await;
        let connection = tokio::spawn(connection);
        let call = client.call(Echo { value: 1 });
        let (context, _) = peer.expect::<Echo>().await;
        let reply = echo_reply(&peer, 1, context);
        assert_eq!(reply.len(), 30);
        peer.raw(&reply[..cut]).await;
        drop(peer);
        let error = call.await.unwrap_err();
        assert!(
            error.kind() == vpp_client::ErrorKind::Disconnected,
            "cut at {cut}: {error}"
        );
        connection.await.unwrap().unwrap_err();
    }
}
