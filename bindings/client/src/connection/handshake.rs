//! The handshake: `sockclnt_create` and its reply, which carries the message table.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use vpp_wire::bootstrap::{
    SOCKCLNT_CREATE_ID, SOCKCLNT_CREATE_REPLY_ID, SockclntCreate, SockclntCreateReply,
};
use vpp_wire::{FixedString, Header, decode_payload, frame};

use crate::{Error, MessageTable};

/// The limit of the reply's size, whatever limit calls have: it grows with VPP's plugins.
const MAX: usize = frame::MAX_PAYLOAD;

/// A stream with VPP at the other end.
pub(crate) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// What VPP answered.
#[derive(Debug)]
pub(crate) struct Welcome {
    pub(crate) client_index: u32,
    pub(crate) table: MessageTable,
}

/// Registers the client on a new stream.
pub(crate) async fn handshake(io: &mut dyn Io, name: FixedString<64>) -> Result<Welcome, Error> {
    io.write_all(&request(name)?).await.map_err(broken)?;
    let mut header = [0; frame::HEADER];
    io.read_exact(&mut header).await.map_err(broken)?;
    let length = payload_length(&header)?;
    // Grows with what arrives, whatever the header says.
    let mut payload = Vec::new();
    let mut rest = io.take(length as u64);
    rest.read_to_end(&mut payload).await.map_err(broken)?;
    welcome(length, &payload)
}

/// The frame that registers a client.
pub(crate) fn request(name: FixedString<64>) -> Result<Vec<u8>, Error> {
    let mut frame = Vec::new();
    let message = SockclntCreate { name };
    let header = Header::default();
    frame::encode(&message, SOCKCLNT_CREATE_ID, header, MAX, &mut frame)?;
    Ok(frame)
}

/// The length of the payload that follows a header.
pub(crate) fn payload_length(header: &[u8]) -> Result<usize, Error> {
    let size = frame::announced(header, MAX).map_err(Error::handshake_frame)?;
    Ok(size.unwrap_or(frame::HEADER) - frame::HEADER)
}

/// Reads VPP's answer, of which `length` bytes were announced.
pub(crate) fn welcome(length: usize, payload: &[u8]) -> Result<Welcome, Error> {
    if payload.len() < length {
        return Err(Error::handshake("the peer closed the socket"));
    }
    let id = payload.first_chunk().map(|id| u16::from_be_bytes(*id));
    if id != Some(SOCKCLNT_CREATE_REPLY_ID) {
        return Err(Error::handshake(format!(
            "expected sockclnt_create_reply (id {SOCKCLNT_CREATE_REPLY_ID}), got id {}",
            id.unwrap_or_default()
        )));
    }
    let reply = decode_payload::<SockclntCreateReply>(payload);
    let (_, reply) = reply.map_err(Error::handshake_reply)?;
    if reply.response != 0 {
        let what = format!("VPP refused the client with {}", reply.response);
        return Err(Error::handshake(what));
    }
    Ok(Welcome {
        client_index: reply.index,
        table: MessageTable::new(reply.message_table),
    })
}

/// For `map_err`: the stream broke during the handshake.
pub(crate) fn broken(error: io::Error) -> Error {
    Error::handshake_io("the peer closed the socket", error)
}
