//! The handshake: `sockclnt_create` and its reply, which carries the message table.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use vpp_wire::bootstrap::{
    SOCKCLNT_CREATE_ID, SOCKCLNT_CREATE_REPLY_ID, SockclntCreate, SockclntCreateReply,
};
use vpp_wire::{FixedString, Header, decode_payload, frame};

use crate::error::Error;
use crate::table::MessageTable;

/// The maximum size of the reply, which grows with VPP's plugins. The limit of calls does not
/// apply.
const MAX: usize = frame::MAX_PAYLOAD;

/// A stream that is connected to VPP.
pub(crate) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// The result of the handshake.
#[derive(Debug)]
pub(crate) struct Handshake {
    pub(crate) client_index: u32,
    pub(crate) table: MessageTable,
}

/// Registers the client on a stream.
pub(super) async fn perform(io: &mut dyn Io, name: FixedString<64>) -> Result<Handshake, Error> {
    io.write_all(&encode_request(name)?)
        .await
        .map_err(broken_stream)?;
    let mut header = [0; frame::HEADER_SIZE];
    io.read_exact(&mut header).await.map_err(broken_stream)?;
    let length = payload_length(&header)?;
    // The buffer grows with the bytes that arrive, not with the size in the header.
    let mut payload = Vec::new();
    let mut rest = io.take(length as u64);
    rest.read_to_end(&mut payload)
        .await
        .map_err(broken_stream)?;
    decode_reply(length, &payload)
}

/// Encodes the request that registers a client, as a frame.
pub(crate) fn encode_request(name: FixedString<64>) -> Result<Vec<u8>, Error> {
    let mut frame = Vec::new();
    let message = SockclntCreate { name };
    let header = Header::default();
    frame::encode(&message, SOCKCLNT_CREATE_ID, header, MAX, &mut frame)?;
    Ok(frame)
}

/// The length of the payload that follows a header.
pub(crate) fn payload_length(header: &[u8]) -> Result<usize, Error> {
    let size = frame::frame_size(header, MAX).map_err(Error::handshake_frame)?;
    Ok(size.unwrap_or(frame::HEADER_SIZE) - frame::HEADER_SIZE)
}

/// Decodes VPP's reply, whose header has the size `length`.
pub(crate) fn decode_reply(length: usize, payload: &[u8]) -> Result<Handshake, Error> {
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
    Ok(Handshake {
        client_index: reply.index,
        table: MessageTable::new(reply.message_table),
    })
}

/// The error for a stream that fails during the handshake.
pub(crate) fn broken_stream(error: io::Error) -> Error {
    Error::handshake_io("the peer closed the socket", error)
}
