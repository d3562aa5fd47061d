//! Messages that crash VPP or break the stream when sent over a socket.

use vpp_client::{Builder, Client, Effect, ErrorKind};
use vpp_wire::{DecodeError, EncodeError, Layout, Message, Reader, Request, Wire, Writer};

use crate::messages::{Cli, Echo, EchoReply, message};
use crate::peer::{pair_with, table};

message!(AppAttach, "app_attach", 0x61, "app_attach_00000061", Layout::REQUEST, { value: u32 });
message!(AppWorker, "app_worker_add_del", 0x62, "app_worker_add_del_00000062", Layout::REQUEST,
    { value: u32 });
message!(SockInitShm, "sock_init_shm", 0x63, "sock_init_shm_00000063", Layout::REQUEST,
    { value: u32 });
message!(SelogGetShm, "selog_get_shm", 0x64, "selog_get_shm_00000064", Layout::REQUEST,
    { value: u32 });
message!(MemclntCreate, "memclnt_create", 0x65, "memclnt_create_00000065", Layout::REQUEST,
    { value: u32 });

impl Request for AppAttach {
    type Reply = EchoReply;
}

impl Request for AppWorker {
    type Reply = EchoReply;
}

impl Request for SockInitShm {
    type Reply = EchoReply;
}

impl Request for SelogGetShm {
    type Reply = EchoReply;
}

impl Request for MemclntCreate {
    type Reply = EchoReply;
}

async fn assert_forbidden<M: Request<Reply = EchoReply> + Default>(client: &Client) {
    let error = client.call(M::default()).await.unwrap_err();
    let found = (error.kind(), error.effect());
    assert_eq!(found, (ErrorKind::Forbidden, Effect::NotSent), "{error}");
    assert!(error.to_string().contains(M::NAME), "{error}");
}

#[tokio::test]
async fn forbidden_messages_are_not_sent() {
    let keys = [
        AppAttach::KEY,
        AppWorker::KEY,
        SockInitShm::KEY,
        SelogGetShm::KEY,
        MemclntCreate::KEY,
    ];
    let mut messages = table(100);
    messages.extend((300..).zip(keys).map(|(id, key)| (key.to_owned(), id)));
    let (client, connection, mut peer) = pair_with(Builder::new(), messages).await;
    tokio::spawn(connection);
    assert!(client.supports::<AppAttach>() && client.supports::<Cli>());
    let before = client.counters();
    assert_forbidden::<AppAttach>(&client).await;
    assert_forbidden::<AppWorker>(&client).await;
    assert_forbidden::<SockInitShm>(&client).await;
    assert_forbidden::<SelogGetShm>(&client).await;
    assert_forbidden::<MemclntCreate>(&client).await;
    assert_forbidden::<Cli>(&client).await;
    assert_eq!(client.counters().requests, before.requests);
    assert_eq!(client.counters().bytes_sent, before.bytes_sent);
    // The next message that arrives is an allowed one.
    let call = client.call(Echo { value: 1 });
    let message = peer.next().await.unwrap();
    assert_eq!(message.read::<Echo>().value, 1);
    peer.answer(&message).await;
    call.await.unwrap();
}
