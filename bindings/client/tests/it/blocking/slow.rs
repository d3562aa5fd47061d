//! Requests that are larger than the socket buffer.

use std::thread;
use std::time::{Duration, Instant};

use vpp_wire::{
    DecodeError, EncodeError, Layout, Message, Reader, Request, VarString, Wire, Writer,
};

use super::Server;
use crate::executor::block_on;
use crate::messages::{Echo, EchoReply, message};
use crate::peer::{Peer, table};

message!(Large, "large", 0x81, "large_00000081", Layout::REQUEST, { text: VarString });

impl Request for Large {
    type Reply = EchoReply;
}

const SIZE: usize = 8 << 20;

fn large(fill: u8) -> Large {
    Large {
        text: VarString::new(vec![fill; SIZE]),
    }
}

/// Reads requests in pieces and answers with the byte that fills them.
async fn read_slowly(mut peer: Peer) {
    while let Some(message) = peer.next_in_pieces(16 << 10).await {
        if !message.is::<Large>() {
            if peer.answer(&message).await {
                continue;
            }
            return;
        }
        let text = message.read::<Large>().text;
        let fill = text.as_bytes()[0];
        assert_eq!(text.as_bytes().len(), SIZE);
        assert!(text.as_bytes().iter().all(|byte| *byte == fill));
        let reply = EchoReply {
            retval: 0,
            value: fill.into(),
        };
        peer.send(&reply, message.context).await;
    }
}

fn server() -> (Server, thread::JoinHandle<()>) {
    let server = Server::new();
    let mut messages = table(100);
    messages.push((Large::KEY.to_owned(), 300));
    let played = server.serve_with(messages, read_slowly);
    (server, played)
}

#[test]
fn request_larger_than_the_socket_buffer_reaches_a_slow_reader() {
    let (server, played) = server();
    let client = server.connect();
    let started = Instant::now();
    assert_eq!(client.call(large(7)).unwrap().value, 7);
    assert_eq!(client.call(Echo { value: 1 }).unwrap().value, 1);
    assert_eq!(client.counters().memory, 0);
    assert!(started.elapsed() < Duration::from_secs(30));
    drop(client);
    played.join().unwrap();
}

#[test]
fn large_requests_of_several_threads_are_not_mixed() {
    let (server, played) = server();
    let client = server.connect();
    thread::scope(|scope| {
        for fill in 1..4 {
            let client = client.clone();
            scope.spawn(move || {
                assert_eq!(client.call(large(fill)).unwrap().value, u32::from(fill));
                for value in 0..100 {
                    assert_eq!(client.call(Echo { value }).unwrap().value, value);
                }
            });
        }
        let client = client.as_async().clone();
        scope.spawn(move || {
            assert_eq!(block_on(client.call(large(9))).unwrap().value, 9);
        });
    });
    drop(client);
    played.join().unwrap();
}
