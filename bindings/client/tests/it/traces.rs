//! The recorder of messages.

use vpp_client::Builder;
use vpp_client::connection::State;
use vpp_client::trace::{Direction, Trace, TraceOptions};
use vpp_wire::trace::TraceReader;
use vpp_wire::{Message, decode_payload};

use crate::messages::{Echo, EchoReply};
use crate::peer::{shuffled, start};
use crate::server::Server;

fn recording(options: TraceOptions) -> Builder {
    Builder::new().trace(options)
}

/// Directions and keys.
fn seen(trace: &Trace) -> Vec<(Direction, &str)> {
    let messages = trace.messages().iter();
    messages
        .map(|message| (message.direction(), message.key().unwrap()))
        .collect()
}

/// Keys and payloads of the file in VPP's format.
fn saved(trace: &Trace) -> Vec<(String, Vec<u8>)> {
    let mut file = Vec::new();
    trace.write_vpp(&mut file).unwrap();
    let mut reader = TraceReader::new(&file[..]).unwrap();
    let table = reader.table().clone();
    let mut all = Vec::new();
    while let Some(record) = reader.next_record().unwrap() {
        let key = table.key(record.id).unwrap().to_owned();
        all.push((key, record.payload.to_vec()));
    }
    all
}

#[tokio::test]
async fn both_directions_are_recorded_in_order() {
    let (client, mut peer) = start(recording(TraceOptions::new())).await;
    for value in [1, 2] {
        let call = client.call(Echo { value });
        peer.answer_next().await;
        call.await.unwrap();
    }
    let trace = client.trace().unwrap();
    let once = [
        (Direction::Sent, Echo::KEY),
        (Direction::Received, EchoReply::KEY),
    ];
    assert_eq!(seen(&trace), [once, once].concat());
    assert!(trace.messages().is_sorted_by_key(|message| message.time()));
    let saved = saved(&trace);
    assert_eq!(saved[2].0, Echo::KEY);
    assert_eq!(decode_payload::<Echo>(&saved[2].1).unwrap().1.value, 2);
}

#[tokio::test]
async fn nothing_is_recorded_by_default() {
    let (client, mut peer) = start(Builder::new()).await;
    let call = client.call(Echo { value: 1 });
    peer.answer_next().await;
    call.await.unwrap();
    assert!(client.trace().is_none());
}

#[tokio::test]
async fn oldest_messages_are_dropped_at_either_limit() {
    let payload = 14;
    for options in [
        TraceOptions::new().messages(3),
        TraceOptions::new().bytes(3 * payload + 1),
    ] {
        let (client, mut peer) = start(recording(options)).await;
        for value in 0..4 {
            let call = client.call(Echo { value });
            peer.answer_next().await;
            call.await.unwrap();
        }
        let trace = client.trace().unwrap();
        assert_eq!((trace.messages().len(), trace.dropped()), (3, 5));
        let last = trace.messages()[1].payload();
        assert_eq!(decode_payload::<Echo>(last).unwrap().1.value, 3);
        let mut file = Vec::new();
        trace.write_vpp(&mut file).unwrap();
        assert!(TraceReader::new(&file[..]).unwrap().is_wrapped());
    }
    let (client, mut peer) = start(recording(TraceOptions::new().bytes(payload - 1))).await;
    let call = client.call(Echo { value: 1 });
    peer.answer_next().await;
    call.await.unwrap();
    let trace = client.trace().unwrap();
    assert_eq!((trace.messages().len(), trace.dropped()), (0, 2));
}

#[tokio::test]
async fn messages_of_two_connections_are_saved_with_one_table() {
    let server = Server::new();
    let builder = server.builder().trace(TraceOptions::new());
    let (client, mut peer) = server.connect(builder).await;
    let call = client.call(Echo { value: 1 });
    peer.answer_next().await;
    call.await.unwrap();
    let before = client.trace().unwrap().messages()[0].payload()[..2].to_vec();
    drop(peer);
    let mut state = client.state();
    assert!(state.wait_for(State::Disconnected).await);
    let mut peer = server.accept_with(shuffled(40)).await;
    client.connected().await.unwrap();
    let call = client.call(Echo { value: 2 });
    peer.answer_next().await;
    call.await.unwrap();
    let trace = client.trace().unwrap();
    let saved = saved(&trace);
    let keys: Vec<&str> = saved.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, [Echo::KEY, EchoReply::KEY, Echo::KEY, EchoReply::KEY]);
    assert_eq!(saved[0].1[..2], saved[2].1[..2]);
    assert_ne!(saved[0].1[..2], before);
    let values = [0, 2].map(|at| decode_payload::<Echo>(&saved[at].1).unwrap().1.value);
    assert_eq!(values, [1, 2]);
}

#[tokio::test]
async fn json_lines_have_time_direction_and_the_message_or_hex() {
    let (client, mut peer) = start(recording(TraceOptions::new())).await;
    let call = client.call(Echo { value: 1 });
    peer.answer_next().await;
    call.await.unwrap();
    let mut out = Vec::new();
    let decode = |key: &str, _: &[u8]| {
        (key == Echo::KEY).then(|| r#"{"_msgname":"echo","value":1}"#.to_owned())
    };
    client
        .trace()
        .unwrap()
        .write_json_lines(&mut out, decode)
        .unwrap();
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("{\"_time\":"), "{text}");
    assert!(lines[0].ends_with(",\"_direction\":\"sent\",\"_msgname\":\"echo\",\"value\":1}"));
    let (name, crc) = EchoReply::KEY.rsplit_once('_').unwrap();
    let hex = format!(
        ",\"_direction\":\"received\",\"_msgname\":\"{name}\",\"_crc\":\"{crc}\",\"_hex\":\""
    );
    assert!(lines[1].contains(&hex), "{text}");
}
