//! The handwritten messages of the handshake, which a connection needs before it has a message
//! table.
//!
//! Their ids and layouts are the same since v20.05 (`src/vlibmemory/memclnt.api`). Tests compare
//! them with VPP's byte by byte.

use crate::{
    DecodeError, EncodeError, FixedString, Layout, Message, Reader, Reply, Request, Wire, Writer,
};

/// The id of [`SockclntCreate`], which is the same in every VPP.
pub const SOCKCLNT_CREATE_ID: u16 = 15;

/// The id of [`SockclntCreateReply`].
pub const SOCKCLNT_CREATE_REPLY_ID: u16 = 16;

/// Registers the client. This is the first message on a connection.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SockclntCreate {
    /// The client's name, shown by VPP's `show api clients`.
    pub name: FixedString<64>,
}

/// The reply to [`SockclntCreate`]: the client index and the ids of all messages of this VPP.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SockclntCreateReply {
    /// 0, or negative if VPP refuses the client.
    pub response: i32,
    /// The `client_index` for every later request.
    pub index: u32,
    /// The messages of this VPP.
    pub message_table: Vec<MessageTableEntry>,
}

/// One entry of VPP's message table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MessageTableEntry {
    /// The message id, which is valid until VPP restarts.
    pub index: u16,
    /// The name, `_`, and the CRC in 8 hex digits.
    pub name: FixedString<64>,
}

/// Unregisters the client. VPP replies and then closes the connection.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SockclntDelete {
    /// The index of the client to remove: [`SockclntCreateReply::index`].
    pub index: u32,
}

/// The reply to [`SockclntDelete`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SockclntDeleteReply {
    /// 1 if the client was removed, -1 if the index is unknown.
    pub response: i32,
}

/// Requests a reply and has no other effect. VPP replies in order, so the reply marks the end of
/// a dump.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ControlPing {}

/// The reply to [`ControlPing`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ControlPingReply {
    /// Always 0.
    pub retval: i32,
    /// The process ID of VPP.
    pub vpe_pid: u32,
}

macro_rules! message {
    ($type:ident, $name:literal, $crc:literal, $key:literal, $layout:expr) => {
        impl Message for $type {
            const NAME: &'static str = $name;
            const CRC: u32 = $crc;
            const KEY: &'static str = $key;
            const LAYOUT: Layout = $layout;
        }
    };
}

message!(
    SockclntCreate,
    "sockclnt_create",
    0x455f_b9c4,
    "sockclnt_create_455fb9c4",
    Layout::REPLY
);
message!(
    SockclntCreateReply,
    "sockclnt_create_reply",
    0x3516_6268,
    "sockclnt_create_reply_35166268",
    Layout::REQUEST
);
message!(
    SockclntDelete,
    "sockclnt_delete",
    0x8ac7_6db6,
    "sockclnt_delete_8ac76db6",
    Layout::REQUEST
);
message!(
    SockclntDeleteReply,
    "sockclnt_delete_reply",
    0x8f38_b1ee,
    "sockclnt_delete_reply_8f38b1ee",
    Layout::REPLY
);
message!(
    ControlPing,
    "control_ping",
    0x5107_7d14,
    "control_ping_51077d14",
    Layout::REQUEST
);
message!(
    ControlPingReply,
    "control_ping_reply",
    0xf6b0_b8ca,
    "control_ping_reply_f6b0b8ca",
    // client_index follows retval, and VPP leaves it uninitialized.
    Layout {
        client_index: Some(10),
        ..Layout::REPLY
    }
);

impl Request for SockclntCreate {
    type Reply = SockclntCreateReply;
}

impl Request for SockclntDelete {
    type Reply = SockclntDeleteReply;
}

impl Request for ControlPing {
    type Reply = ControlPingReply;
}

impl Reply for SockclntCreateReply {}

impl Reply for SockclntDeleteReply {}

impl Reply for ControlPingReply {
    const RETVAL: Option<usize> = Some(6);

    fn retval(&self) -> i32 {
        self.retval
    }
}

impl Wire for SockclntCreate {
    const MIN_SIZE: usize = 64;

    fn encode(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.name.encode(out)
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            name: from.field("name")?,
        })
    }
}

impl Wire for SockclntCreateReply {
    const MIN_SIZE: usize = 10;

    fn encode(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.response.encode(out)?;
        self.index.encode(out)?;
        out.count::<u16, 1>("count", [self.message_table.len()])?;
        out.items(&self.message_table)
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let response = from.field("response")?;
        let index = from.field("index")?;
        let count: u16 = from.field("count")?;
        Ok(Self {
            response,
            index,
            message_table: from.items("message_table", count)?,
        })
    }
}

impl Wire for MessageTableEntry {
    const MIN_SIZE: usize = 66;

    fn encode(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.index.encode(out)?;
        self.name.encode(out)
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            index: from.field("index")?,
            name: from.field("name")?,
        })
    }
}

impl Wire for SockclntDelete {
    const MIN_SIZE: usize = 4;

    fn encode(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.index.encode(out)
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            index: from.field("index")?,
        })
    }
}

impl Wire for SockclntDeleteReply {
    const MIN_SIZE: usize = 4;

    fn encode(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.response.encode(out)
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            response: from.field("response")?,
        })
    }
}

impl Wire for ControlPing {
    const MIN_SIZE: usize = 0;

    fn encode(&self, _: &mut Writer<'_>) -> Result<(), EncodeError> {
        Ok(())
    }

    fn decode(_: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {})
    }
}

impl Wire for ControlPingReply {
    const MIN_SIZE: usize = 12;

    fn encode(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.retval.encode(out)?;
        out.bytes(&[0; 4]);
        self.vpe_pid.encode(out)
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval = from.field("retval")?;
        from.bytes(4)?;
        Ok(Self {
            retval,
            vpe_pid: from.field("vpe_pid")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Header, decode_payload, encode_payload};

    const HEADER: Header = Header {
        client_index: 0x1122_3344,
        context: 0x5566_7788,
    };

    fn assert_round_trip<M: Message + PartialEq>(message: &M, header: Header, bytes: &[u8]) {
        let mut out = Vec::new();
        encode_payload(message, 0x0102, header, &mut out).unwrap();
        assert_eq!(out, bytes);
        assert_eq!(
            decode_payload::<M>(bytes).unwrap(),
            (header, message.clone())
        );
    }

    #[test]
    fn sockclnt_create_has_a_context_but_no_client_index() {
        let mut bytes = b"\x01\x02\x55\x66\x77\x88me".to_vec();
        bytes.resize(70, 0);
        let name = FixedString::new("me").unwrap();
        let header = Header {
            client_index: 0,
            ..HEADER
        };
        assert_round_trip(&SockclntCreate { name }, header, &bytes);
    }

    #[test]
    fn sockclnt_create_reply_counts_its_table() {
        let mut bytes = b"\x01\x02\x11\x22\x33\x44\x55\x66\x77\x88".to_vec();
        bytes.extend(b"\0\0\0\0\x80\0\0\x01\0\x01\0\x17control_ping_51077d14");
        bytes.resize(10 + 10 + 66, 0);
        let message_table = vec![MessageTableEntry {
            index: 23,
            name: FixedString::new(ControlPing::KEY).unwrap(),
        }];
        let reply = SockclntCreateReply {
            response: 0,
            index: 0x8000_0001,
            message_table,
        };
        assert_round_trip(&reply, HEADER, &bytes);
    }

    #[test]
    fn control_ping_reply_has_its_client_index_after_retval() {
        let bytes = b"\x01\x02\x55\x66\x77\x88\0\0\0\0\x11\x22\x33\x44\0\0\0\x2a";
        let reply = ControlPingReply {
            retval: 0,
            vpe_pid: 42,
        };
        assert_round_trip(&reply, HEADER, bytes);
        assert_eq!(ControlPingReply::retval_of(bytes), Some(0));
    }

    #[test]
    fn count_beyond_the_payload_is_an_error_that_names_the_field() {
        let mut bytes = vec![0; 20];
        bytes[18..].copy_from_slice(&[0xff, 0xff]);
        let error = decode_payload::<SockclntCreateReply>(&bytes).unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot decode sockclnt_create_reply.message_table at offset 20: \
             65535 elements of at least 66 bytes, 0 bytes left"
        );
    }

    #[test]
    fn every_truncated_payload_is_an_error() {
        let mut bytes = Vec::new();
        encode_payload(&ControlPingReply::default(), 24, HEADER, &mut bytes).unwrap();
        for cut in 0..bytes.len() {
            assert!(
                decode_payload::<ControlPingReply>(&bytes[..cut]).is_err(),
                "{cut}"
            );
        }
    }
}
