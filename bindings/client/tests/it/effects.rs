//! The effects of errors.

use std::error::Error as _;
use std::time::Duration;

use tokio::net::UnixStream;
use vpp_client::calls::Call;
use vpp_client::{Builder, Client, Effect, Error, ErrorKind};

use crate::messages::{
    Changed, Cli, Echo, EchoReply, ItemDump, Long, Missing, Notify, WantTicks, WantTicksReply,
};
use crate::peer::{pair, start};

/// Checks that no text in the chain of sources contains the text of the next source.
fn assert_texts_differ(error: &Error) {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let inner = cause.to_string();
        assert!(!text.contains(&inner), "{text:?} contains {inner:?}");
        text = inner;
        source = cause.source();
    }
}

fn assert_error(error: Error, kind: ErrorKind, effect: Effect) {
    let copy = error.clone();
    assert_eq!((copy.kind(), copy.effect()), (kind, effect), "{copy}");
    assert_eq!(copy.to_string(), error.to_string());
    assert_eq!(error.vpp_error().is_some(), kind == ErrorKind::Api);
    assert_texts_differ(&error);
    let text = error.to_string();
    assert!(
        !text.is_empty() && !text.ends_with('.') && !text.contains('\n'),
        "{text}"
    );
}

async fn echo_answered_with(payload: &[u8], id: impl Fn(&crate::peer::Peer) -> u16) -> Error {
    let (client, mut peer) = start(Builder::new()).await;
    let call = client.call(Echo { value: 1 });
    let (context, _) = peer.expect::<Echo>().await;
    let mut bytes = id(&peer).to_be_bytes().to_vec();
    bytes.extend(context.to_be_bytes());
    bytes.extend(payload);
    let mut frame = Vec::new();
    vpp_wire::frame::wrap(&bytes, &mut frame).unwrap();
    peer.raw(&frame).await;
    call.await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn every_error_kind_has_an_effect() {
    use Effect::{NotSent, Refused, Unknown};
    use ErrorKind as Kind;

    let long_name = Builder::new().name("x".repeat(64)).connect_lazy();
    assert_error(long_name.unwrap_err(), Kind::Config, NotSent);

    let folder = tempfile::tempdir().unwrap();
    let nowhere = Client::builder().socket(folder.path().join("api.sock"));
    assert_error(nowhere.connect().await.unwrap_err(), Kind::Connect, NotSent);

    let (near, far) = UnixStream::pair().unwrap();
    let mute = Builder::new().handshake(near).await.unwrap_err();
    assert_error(mute, Kind::Timeout, NotSent);
    drop(far);

    let (near, far) = UnixStream::pair().unwrap();
    drop(far);
    let closed = Builder::new().handshake(near).await.unwrap_err();
    assert_error(closed, Kind::Connect, NotSent);

    let (client, mut peer) = start(Builder::new()).await;
    let error = |call: Call<EchoReply>| async { call.await.unwrap_err() };
    let timeout = error(client.call(Echo { value: 1 })).await;
    assert_error(timeout, Kind::Timeout, Unknown);
    peer.expect::<Echo>().await;
    let missing = client.call(Missing {}).await.unwrap_err();
    assert_error(missing, Kind::MessageUnknown, NotSent);
    let changed = client.call(Changed {});
    tokio::join!(
        async { assert_error(error(changed).await, Kind::CrcMismatch, NotSent) },
        peer.answer_next(),
    );
    let forbidden = error(client.call(Cli::default())).await;
    assert_error(forbidden, Kind::Forbidden, NotSent);

    let refused = echo_answered_with(&[0xff, 0xff, 0xff, 0xb1, 0, 0, 0, 0], |peer| {
        peer.id::<EchoReply>()
    });
    assert_error(refused.await, Kind::Api, Refused);
    let cut = echo_answered_with(&[0, 0], |peer| peer.id::<EchoReply>());
    assert_error(cut.await, Kind::Decode, Unknown);
    let other = echo_answered_with(&[0; 4], |peer| peer.id::<WantTicksReply>());
    assert_error(other.await, Kind::UnexpectedMessage, Unknown);
}

#[tokio::test]
async fn requests_that_the_client_cannot_send_are_not_sent() {
    let (client, _peer) = start(Builder::new().max_frame(1500)).await;
    let error = client.call(Long { bytes: [0; 2000] }).await.unwrap_err();
    assert_error(error, ErrorKind::Encode, Effect::NotSent);
    let (client, _peer) = start(Builder::new().memory_limit(0)).await;
    let error = client.call(Echo { value: 0 }).await.unwrap_err();
    assert_error(error, ErrorKind::Limit, Effect::NotSent);
}

#[tokio::test]
async fn dump_beyond_its_limit_may_have_been_carried_out() {
    let (client, mut peer) = start(Builder::new().dump_limit(100)).await;
    let dump = client.dump(ItemDump { count: 5 });
    peer.answer_next().await;
    let error = dump.all().await.unwrap_err();
    assert_error(error, ErrorKind::Limit, Effect::Unknown);
}

#[tokio::test]
async fn polling_a_finished_call_is_an_error() {
    let (client, mut peer) = start(Builder::new()).await;
    let mut call = client.call(Echo { value: 1 });
    peer.answer_next().await;
    (&mut call).await.unwrap();
    for _ in 0..2 {
        let error = (&mut call).await.unwrap_err();
        assert_error(error, ErrorKind::Finished, Effect::Unknown);
    }
}

/// Makes calls until the socket is full. Returns them and how many bytes it has taken.
async fn fill_the_socket(client: &Client) -> (Vec<Call<EchoReply>>, u64) {
    let mut calls = Vec::new();
    loop {
        let before = client.counters().bytes_sent;
        for _ in 0..100 {
            calls.push(client.call(Long { bytes: [0; 2000] }));
        }
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        let after = client.counters().bytes_sent;
        if after == before {
            return (calls, after);
        }
    }
}

#[tokio::test]
async fn loss_distinguishes_written_and_unwritten_requests() {
    const FRAME: u64 = 16 + 10 + 2000;
    for by_peer in [true, false] {
        let (client, connection, mut peer) = pair(Builder::new()).await;
        let connection = tokio::spawn(connection);
        let before = client.counters().bytes_sent;
        let (calls, sent) = fill_the_socket(&client).await;
        let whole = usize::try_from((sent - before) / FRAME).unwrap();
        assert!(whole > 0 && whole < calls.len());
        if by_peer {
            peer.expect::<Long>().await;
            drop(peer);
        } else {
            connection.abort();
        }
        for (index, call) in calls.into_iter().enumerate() {
            let error = call.await.unwrap_err();
            // Reading has made space for a few more.
            if index < whole {
                assert_error(error, ErrorKind::Disconnected, Effect::Unknown);
            } else if index > whole + 200 {
                assert_error(error, ErrorKind::Disconnected, Effect::NotSent);
            }
        }
        assert!(connection.await.is_err() || by_peer);
        let error = client.send(Notify { value: 1 }).unwrap_err();
        assert_error(error, ErrorKind::Disconnected, Effect::NotSent);
        let error = client.subscribe::<WantTicks>().await.unwrap_err();
        assert_error(error, ErrorKind::Disconnected, Effect::NotSent);
    }
}

#[tokio::test(start_paused = true)]
async fn timeout_of_a_queued_call_has_an_unknown_effect() {
    let (client, mut peer) = start(Builder::new()).await;
    let long = client.with_timeout(Duration::from_secs(600));
    let (calls, _) = fill_the_socket(&long).await;
    let error = client.call(Echo { value: 1 }).await.unwrap_err();
    // It stays queued and is sent when VPP reads again.
    assert_error(error, ErrorKind::Timeout, Effect::Unknown);
    for _ in 0..calls.len() {
        peer.expect::<Long>().await;
    }
    assert_eq!(peer.expect::<Echo>().await.1.value, 1);
}
