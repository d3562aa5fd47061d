//! Messages like generated ones, of an invented module.

use vpp_wire::{
    DecodeError, Dump, EncodeError, Event, FixedString, Get, Layout, Message, OneWay, Reader,
    Reply, Request, Subscribe, Wire, Writer,
};

macro_rules! message {
    ($name:ident, $api:literal, $crc:literal, $key:literal, $layout:expr,
     { $($field:ident: $type:ty),* }) => {
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $name {
            $(pub $field: $type),*
        }

        impl Message for $name {
            const NAME: &'static str = $api;
            const CRC: u32 = $crc;
            const KEY: &'static str = $key;
            const LAYOUT: Layout = $layout;
        }

        impl Wire for $name {
            const MIN_SIZE: usize = 0 $(+ <$type>::MIN_SIZE)*;

            fn encode(&self, _out: &mut Writer<'_>) -> Result<(), EncodeError> {
                $(self.$field.encode(_out)?;)*
                Ok(())
            }

            fn decode(_from: &mut Reader<'_>) -> Result<Self, DecodeError> {
                Ok(Self { $($field: _from.field(stringify!($field))?),* })
            }
        }
    };
}

pub(crate) use message;

message!(Echo, "echo", 1, "echo_00000001", Layout::REQUEST, { value: u32 });
message!(EchoReply, "echo_reply", 2, "echo_reply_00000002", Layout::REPLY,
    { retval: i32, value: u32 });
message!(ItemDump, "item_dump", 3, "item_dump_00000003", Layout::REQUEST, { count: u32 });
message!(ItemDetails, "item_details", 4, "item_details_00000004", Layout::REPLY,
    { index: u32, name: FixedString<64> });
message!(ItemGet, "item_get", 5, "item_get_00000005", Layout::REQUEST, { cursor: u32 });
message!(ItemGetReply, "item_get_reply", 6, "item_get_reply_00000006", Layout::REPLY,
    { retval: i32, cursor: u32 });
message!(WantTicks, "want_ticks", 7, "want_ticks_00000007", Layout::REQUEST,
    { enable: bool, pid: u32, group: u32 });
message!(WantTicksReply, "want_ticks_reply", 8, "want_ticks_reply_00000008", Layout::REPLY,
    { retval: i32 });
message!(Tick, "tick_event", 9, "tick_event_00000009", Layout::EVENT, { pid: u32, number: u32 });
message!(WantDoors, "want_doors", 21, "want_doors_00000015", Layout::REQUEST,
    { door: u32, enable: bool });
message!(WantDoorsReply, "want_doors_reply", 22, "want_doors_reply_00000016", Layout::REPLY,
    { retval: i32 });
message!(Door, "door_event", 23, "door_event_00000017", Layout::EVENT, { open: bool, door: u32 });
message!(Notify, "notify", 10, "notify_0000000a", Layout::REQUEST, { value: u32 });
message!(Cli, "cli", 0x23bf_bfff, "cli_23bfbfff", Layout::REQUEST, { cmd_in_shmem: u64 });
message!(
    Missing,
    "missing",
    11,
    "missing_0000000b",
    Layout::REQUEST,
    {}
);
message!(
    ChangedDump,
    "changed_dump",
    14,
    "changed_dump_0000000e",
    Layout::REQUEST,
    {}
);
message!(
    Changed,
    "changed",
    12,
    "changed_0000000c",
    Layout::REQUEST,
    {}
);

/// A request that can exceed the frame limit.
#[derive(Debug, Clone)]
pub struct Long {
    pub bytes: [u8; 2000],
}

impl Message for Long {
    const NAME: &'static str = "long";
    const CRC: u32 = 13;
    const KEY: &'static str = "long_0000000d";
    const LAYOUT: Layout = Layout::REQUEST;
}

impl Wire for Long {
    const MIN_SIZE: usize = 2000;

    fn encode(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.bytes.encode(out)
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            bytes: from.array()?,
        })
    }
}

impl Request for Long {
    type Reply = EchoReply;
}

impl Request for Echo {
    type Reply = EchoReply;
}

impl Request for Cli {
    type Reply = EchoReply;
}

impl Request for Missing {
    type Reply = EchoReply;
}

impl Request for Changed {
    type Reply = EchoReply;
}

impl Reply for EchoReply {
    const RETVAL: Option<usize> = Some(6);

    fn retval(&self) -> i32 {
        self.retval
    }
}

impl Dump for ItemDump {
    type Details = ItemDetails;
    const STRAY_REPLY: Option<&'static str> = Some(WantTicksReply::KEY);
}

impl Dump for ChangedDump {
    type Details = ItemDetails;
}

impl Get for ItemGet {
    type Details = ItemDetails;
    type Reply = ItemGetReply;

    fn set_cursor(&mut self, cursor: u32) {
        self.cursor = cursor;
    }

    fn next_cursor(reply: &ItemGetReply) -> Option<u32> {
        Some(reply.cursor)
    }
}

impl Reply for ItemGetReply {
    const RETVAL: Option<usize> = Some(6);

    fn retval(&self) -> i32 {
        self.retval
    }
}

impl Request for WantTicks {
    type Reply = WantTicksReply;
}

impl Reply for WantTicksReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

impl Subscribe for WantTicks {
    type Event = Tick;

    fn set_enabled(&mut self, on: bool, pid: u32) {
        self.enable = on;
        self.pid = pid;
    }
}

impl Event for Tick {
    const PID: Option<usize> = Some(6);
}

impl Request for WantDoors {
    type Reply = WantDoorsReply;
}

impl Reply for WantDoorsReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

impl Subscribe for WantDoors {
    type Event = Door;
    const FILTER: &'static [(usize, usize, usize)] = &[(10, 7, 4)];

    fn set_enabled(&mut self, on: bool, _: u32) {
        self.enable = on;
    }
}

impl Event for Door {}

impl OneWay for Notify {}

pub const SHOW_VERSION: &str = "show_version_51077d14";
pub const SHOW_VERSION_REPLY: &str = "show_version_reply_c919bde1";

/// The messages of the peer, in the order of their ids.
pub const KEYS: &[&str] = &[
    Echo::KEY,
    EchoReply::KEY,
    ItemDump::KEY,
    ItemDetails::KEY,
    ItemGet::KEY,
    ItemGetReply::KEY,
    WantTicks::KEY,
    WantTicksReply::KEY,
    Tick::KEY,
    Notify::KEY,
    Cli::KEY,
    Long::KEY,
    "changed_0000cccc",
    "changed_dump_0000dddd",
    SHOW_VERSION,
    SHOW_VERSION_REPLY,
    "sockclnt_delete_8ac76db6",
    "sockclnt_delete_reply_8f38b1ee",
    "control_ping_51077d14",
    "control_ping_reply_f6b0b8ca",
    WantDoors::KEY,
    WantDoorsReply::KEY,
    Door::KEY,
];
