//! A peer that speaks the protocol and is controlled by the test.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use vpp_client::{Builder, Client, Connection, Error};
use vpp_wire::bootstrap::{
    ControlPing, ControlPingReply, MessageTableEntry, SOCKCLNT_CREATE_ID, SOCKCLNT_CREATE_REPLY_ID,
    SockclntCreate, SockclntCreateReply, SockclntDelete, SockclntDeleteReply,
};
use vpp_wire::{FixedString, Header, Message, decode_payload, frame};

use crate::messages::{
    Echo, EchoReply, ItemDetails, ItemDump, SHOW_VERSION, SHOW_VERSION_REPLY, Tick, WantTicks,
    WantTicksReply,
};

pub use crate::tables::{shuffled, table, table_with_other_crc, table_without};

/// The client index that the peer assigns.
pub const CLIENT: u32 = 0x8000_0001;

/// The peer's end of a connection, after the handshake.
pub struct Peer {
    io: UnixStream,
    table: Vec<(String, u16)>,
}

/// A message from the client.
#[derive(Debug)]
pub struct Incoming {
    pub key: String,
    pub context: u32,
    pub payload: Vec<u8>,
}

impl Incoming {
    pub fn is<M: Message>(&self) -> bool {
        self.key == M::KEY
    }

    pub fn read<M: Message>(&self) -> M {
        assert_eq!(self.key, M::KEY);
        decode_payload(&self.payload).unwrap().1
    }
}

/// A client and its peer, after the handshake.
pub async fn pair(builder: Builder) -> (Client, Connection, Peer) {
    pair_with(builder, table(100)).await
}

/// Like [`pair`], with a peer that has the messages of `table`.
pub async fn pair_with(builder: Builder, table: Vec<(String, u16)>) -> (Client, Connection, Peer) {
    let (near, far) = UnixStream::pair().unwrap();
    let (client, peer) = tokio::join!(builder.handshake(near), Peer::accept(far, table));
    let (client, connection) = client.unwrap();
    (client, connection, peer.unwrap())
}

/// Like [`pair`], with the connection spawned.
pub async fn start(builder: Builder) -> (Client, Peer) {
    let (client, connection, peer) = pair(builder).await;
    tokio::spawn(connection);
    (client, peer)
}

/// Like [`start`] with the defaults. The peer answers every message.
pub async fn serve() -> Client {
    let (client, mut peer) = start(Builder::new()).await;
    tokio::spawn(async move { while peer.answer_next().await {} });
    client
}

fn encode<M: Message>(message: &M, id: u16, context: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let header = Header {
        client_index: CLIENT,
        context,
    };
    frame::encode(message, id, header, frame::MAX_PAYLOAD, &mut bytes).unwrap();
    bytes
}

impl Peer {
    /// Answers the handshake.
    pub async fn accept(io: UnixStream, table: Vec<(String, u16)>) -> Result<Self, Error> {
        let mut peer = Self { io, table };
        peer.answer_handshake().await;
        Ok(peer)
    }

    /// Answers a handshake. A client may make several.
    pub async fn answer_handshake(&mut self) {
        let peer = self;
        let Some((id, payload)) = peer.frame().await else {
            panic!("the client closed before the handshake");
        };
        assert_eq!(id, SOCKCLNT_CREATE_ID);
        let (header, _) = decode_payload::<SockclntCreate>(&payload).unwrap();
        let entry = |(key, id): &(String, u16)| MessageTableEntry {
            index: *id,
            name: FixedString::new(key).unwrap(),
        };
        let reply = SockclntCreateReply {
            response: 0,
            index: CLIENT,
            message_table: peer.table.iter().map(entry).collect(),
        };
        peer.send_as(SOCKCLNT_CREATE_REPLY_ID, &reply, header.context)
            .await;
    }

    async fn frame(&mut self) -> Option<(u16, Vec<u8>)> {
        self.frame_in_pieces(usize::MAX).await
    }

    async fn frame_in_pieces(&mut self, piece: usize) -> Option<(u16, Vec<u8>)> {
        let mut header = [0; frame::HEADER_SIZE];
        self.io.read_exact(&mut header).await.ok()?;
        let size = frame::frame_size(&header, frame::MAX_PAYLOAD)
            .unwrap()
            .unwrap();
        let mut payload = vec![0; size - frame::HEADER_SIZE];
        for piece in payload.chunks_mut(piece) {
            self.io.read_exact(piece).await.ok()?;
            tokio::task::yield_now().await;
        }
        Some((u16::from_be_bytes([payload[0], payload[1]]), payload))
    }

    /// Reads the next message. `None` if the client has closed its end.
    pub async fn next(&mut self) -> Option<Incoming> {
        self.next_in_pieces(usize::MAX).await
    }

    /// Reads the next message in pieces.
    pub async fn next_in_pieces(&mut self, piece: usize) -> Option<Incoming> {
        let (id, payload) = self.frame_in_pieces(piece).await?;
        let entry = self.table.iter().find(|(_, known)| *known == id);
        let (key, _) = entry.expect("the message is in the table");
        let header = (&payload[2..6], &payload[6..10]);
        let number = |bytes: &[u8]| u32::from_be_bytes(bytes.try_into().unwrap());
        assert_eq!(number(header.0), CLIENT, "client_index");
        Some(Incoming {
            key: key.clone(),
            context: number(header.1),
            payload,
        })
    }

    /// Reads the next message and checks that it is an `M`.
    pub async fn expect<M: Message>(&mut self) -> (u32, M) {
        let message = self.next().await.expect("the client is connected");
        (message.context, message.read())
    }

    pub fn id<M: Message>(&self) -> u16 {
        self.named(M::KEY)
    }

    fn named(&self, key: &str) -> u16 {
        self.table.iter().find(|(known, _)| known == key).unwrap().1
    }

    pub async fn send<M: Message>(&mut self, message: &M, context: u32) {
        self.send_as(self.id::<M>(), message, context).await;
    }

    pub async fn send_as<M: Message>(&mut self, id: u16, message: &M, context: u32) {
        self.raw(&encode(message, id, context)).await;
    }

    /// Encodes a frame with this message.
    pub fn frame_of<M: Message>(&self, message: &M, context: u32) -> Vec<u8> {
        encode(message, self.id::<M>(), context)
    }

    /// Sends bytes unchanged. Ignores a closed client.
    pub async fn raw(&mut self, bytes: &[u8]) {
        let _ = self.io.write_all(bytes).await;
    }

    /// Sends items as an answer to a dump, without the reply that ends it.
    pub async fn send_items(&mut self, items: std::ops::Range<u32>, context: u32) {
        let mut bytes = Vec::new();
        let header = Header {
            client_index: 0,
            context,
        };
        for index in items {
            let name = FixedString::new(&format!("item{index}")).unwrap();
            let details = ItemDetails { index, name };
            let id = self.id::<ItemDetails>();
            frame::encode(&details, id, header, frame::MAX_PAYLOAD, &mut bytes).unwrap();
        }
        self.raw(&bytes).await;
    }

    /// Expects a request for events and confirms it.
    pub async fn confirm(&mut self) -> WantTicks {
        let (context, want) = self.expect::<WantTicks>().await;
        self.send(&WantTicksReply { retval: 0 }, context).await;
        want
    }

    /// Sends an event for the registration with this `pid`.
    pub async fn send_tick(&mut self, pid: u32, number: u32) {
        self.send(&Tick { pid, number }, 0).await;
    }

    pub async fn send_pong(&mut self, context: u32) {
        self.send(
            &ControlPingReply {
                retval: 0,
                vpe_pid: 42,
            },
            context,
        )
        .await;
    }

    /// Answers one message like VPP. Returns false if the client has closed.
    pub async fn answer_next(&mut self) -> bool {
        let Some(message) = self.next().await else {
            return false;
        };
        self.answer(&message).await
    }

    pub async fn answer(&mut self, message: &Incoming) -> bool {
        let context = message.context;
        if message.is::<Echo>() {
            let Echo { value } = message.read();
            self.send(&EchoReply { retval: 0, value }, context).await;
        } else if message.is::<ControlPing>() {
            self.send_pong(context).await;
        } else if message.is::<ItemDump>() {
            let ItemDump { count } = message.read();
            self.send_items(0..count, context).await;
        } else if message.key == SHOW_VERSION {
            let mut bytes = Vec::new();
            let mut payload = self.named(SHOW_VERSION_REPLY).to_be_bytes().to_vec();
            payload.extend(context.to_be_bytes());
            payload.resize(362, 0);
            payload[42..54].copy_from_slice(b"26.06-simple");
            frame::wrap(&payload, &mut bytes).unwrap();
            self.raw(&bytes).await;
        } else if message.is::<SockclntDelete>() {
            self.send(&SockclntDeleteReply { response: 1 }, context)
                .await;
            return false;
        }
        true
    }
}
