use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use vpp_wire::bootstrap::{
    SOCKCLNT_CREATE_ID, SOCKCLNT_CREATE_REPLY_ID, SockclntCreate, SockclntCreateReply,
};
use vpp_wire::{FixedString, Header, decode_payload, frame};

use crate::{Error, MessageTable};

/// A stream with VPP at the other end.
pub(crate) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// A stream on which VPP knows the client.
pub(crate) struct Session {
    pub(crate) io: Box<dyn Io>,
    pub(crate) client_index: u32,
    pub(crate) table: MessageTable,
}

/// Introduces the client on a fresh stream.
pub(crate) async fn handshake(
    mut io: Box<dyn Io>,
    name: FixedString<64>,
    timeout: Duration,
) -> Result<Session, Error> {
    let reply = match tokio::time::timeout(timeout, exchange(&mut *io, name)).await {
        Ok(reply) => reply?,
        Err(_) => {
            return Err(Error::handshake(format!(
                "no answer within {timeout:?}: whoever listens there is busy or is not VPP"
            )));
        }
    };
    if reply.response != 0 {
        return Err(Error::handshake(format!(
            "VPP refuses the client: {}",
            reply.response
        )));
    }
    let table = MessageTable::new(reply.message_table);
    Ok(Session {
        io,
        client_index: reply.index,
        table,
    })
}

async fn exchange(io: &mut dyn Io, name: FixedString<64>) -> Result<SockclntCreateReply, Error> {
    // The message table is as large as it is, whatever limit the calls have.
    let max = frame::MAX_PAYLOAD;
    let mut bytes = Vec::new();
    let hello = SockclntCreate { name };
    frame::encode(
        &hello,
        SOCKCLNT_CREATE_ID,
        Header::default(),
        max,
        &mut bytes,
    )?;
    let io_error = |error| Error::handshake_because("the peer closed the socket", error);
    io.write_all(&bytes).await.map_err(io_error)?;
    bytes.clear();
    bytes.resize(frame::HEADER, 0);
    io.read_exact(&mut bytes).await.map_err(io_error)?;
    let bad_frame = |error| Error::handshake_because("the answer is no frame", error);
    let size = frame::announced(&bytes, max)
        .map_err(bad_frame)?
        .unwrap_or(frame::HEADER);
    // Grows with what arrives, whatever the header says.
    let length = size - frame::HEADER;
    let mut payload = Vec::new();
    let limit = length as u64;
    (&mut *io)
        .take(limit)
        .read_to_end(&mut payload)
        .await
        .map_err(io_error)?;
    match payload.first_chunk().map(|id| u16::from_be_bytes(*id)) {
        _ if payload.len() < length => Err(Error::handshake("the peer closed the socket")),
        Some(SOCKCLNT_CREATE_REPLY_ID) => {
            let bad_reply = |error| Error::handshake_because("the answer cannot be read", error);
            Ok(decode_payload::<SockclntCreateReply>(&payload)
                .map_err(bad_reply)?
                .1)
        }
        id => Err(Error::handshake(format!(
            "expected sockclnt_create_reply (id {SOCKCLNT_CREATE_REPLY_ID}), got id {}",
            id.unwrap_or_default()
        ))),
    }
}
