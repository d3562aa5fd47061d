//! Peers that break the protocol.

use vpp_client::{Builder, ErrorKind};
use vpp_wire::frame;

use crate::messages::{Echo, EchoReply, ItemDump, Long};
use crate::peer::{pair, start};

fn header(length: u32) -> Vec<u8> {
    let mut header = vec![0; frame::HEADER_SIZE];
    header[8..12].copy_from_slice(&length.to_be_bytes());
    header
}

#[tokio::test]
async fn short_reply_fails_only_its_call() {
    let (client, mut peer) = start(Builder::new()).await;
    let broken = client.call(Echo { value: 1 });
    let (context, _) = peer.expect::<Echo>().await;
    let mut bytes = header(8);
    bytes.extend(peer.id::<EchoReply>().to_be_bytes());
    bytes.extend(context.to_be_bytes());
    bytes.extend([0, 0]);
    // Frames too short for a context are discarded.
    bytes.extend(header(3));
    bytes.extend([0, 101, 0]);
    peer.raw(&bytes).await;
    let error = broken.await.unwrap_err();
    assert!(error.kind() == ErrorKind::Decode);
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(
        source.starts_with("cannot decode echo_reply.retval at offset 6"),
        "{source}"
    );
    let call = client.call(Echo { value: 2 });
    peer.answer_next().await;
    assert_eq!(call.await.unwrap().value, 2);
}

#[tokio::test]
async fn invalid_frame_length_closes_the_connection() {
    for length in [0, 1, 1025, u32::MAX] {
        let (client, connection, mut peer) = pair(Builder::new().max_frame(1024)).await;
        let call = client.call(Echo { value: 1 });
        let connection = tokio::spawn(connection);
        peer.raw(&header(length)).await;
        assert!(
            call.await.unwrap_err().kind() == ErrorKind::Disconnected,
            "{length}"
        );
        let error = connection.await.unwrap().unwrap_err();
        assert!(
            error.to_string().contains("received an invalid frame"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn frame_is_read_byte_by_byte() {
    let (client, mut peer) = start(Builder::new()).await;
    let call = client.call(Echo { value: 5 });
    let (context, _) = peer.expect::<Echo>().await;
    let mut bytes = header(14);
    bytes.extend(peer.id::<EchoReply>().to_be_bytes());
    bytes.extend(context.to_be_bytes());
    bytes.extend([0, 0, 0, 0, 0, 0, 0, 5]);
    for byte in bytes {
        peer.raw(&[byte]).await;
        tokio::task::yield_now().await;
    }
    assert_eq!(call.await.unwrap().value, 5);
}

#[tokio::test]
async fn frame_larger_than_the_buffer_is_read() {
    let (client, mut peer) = start(Builder::new()).await;
    let call = client.call(Echo { value: 5 });
    let (context, _) = peer.expect::<Echo>().await;
    let mut payload = vec![0; 3 << 20];
    payload[..2].copy_from_slice(&peer.id::<EchoReply>().to_be_bytes());
    payload[2..6].copy_from_slice(&context.to_be_bytes());
    let mut bytes = Vec::new();
    frame::wrap(&payload, &mut bytes).unwrap();
    peer.raw(&bytes).await;
    assert_eq!(call.await.unwrap().value, 0);
}

#[tokio::test]
async fn request_larger_than_the_frame_limit_is_not_sent() {
    // The limit does not apply to the message table, which is larger.
    let (client, mut peer) = start(Builder::new().max_frame(1500)).await;
    let error = client.call(Long { bytes: [0; 2000] }).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Encode, "{error}");
    let call = client.call(Echo { value: 1 });
    peer.answer_next().await;
    assert_eq!(call.await.unwrap().value, 1);
}

#[tokio::test]
async fn garbage_never_panics() {
    let mut state = 1_u64;
    for round in 0..200 {
        let (client, connection, mut peer) = pair(Builder::new().max_frame(4096)).await;
        let connection = tokio::spawn(connection);
        let call = client.call(Echo { value: round });
        let dump = client.dump(ItemDump { count: round });
        let (context, _) = peer.expect::<Echo>().await;
        let mut bytes = Vec::new();
        for _ in 0..20 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let random = state.to_be_bytes();
            let mut payload = (95 + u16::from(random[0]) % 25).to_be_bytes().to_vec();
            let near = context ^ u32::from(random[1] % 4);
            payload.extend(near.to_be_bytes());
            payload.extend(&random[..usize::from(random[2] % 8)]);
            frame::wrap(&payload, &mut bytes).unwrap();
        }
        bytes.extend(state.to_be_bytes().repeat(9));
        peer.raw(&bytes).await;
        drop(peer);
        let _ = call.await;
        let _ = dump.all().await;
        assert!(connection.await.unwrap().is_err());
    }
}
