//! The limit: sends the requests of one ADD or DEL over a plain socket, one after the other.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::ExitCode;

use vpp_bindings::interface::{SwInterfaceDump, SwInterfaceSetFlags, SwInterfaceTagAddDel};
use vpp_bindings::interface_types::{IfStatusFlags, InterfaceIndex};
use vpp_bindings::l2::{
    BridgeDomainAddDelV2, BridgeDomainDetails, BridgeDomainDump, SwInterfaceSetL2Bridge,
};
use vpp_bindings::memif::{
    MemifCreateV2, MemifCreateV2Reply, MemifDelete, MemifRole, MemifSocketFilenameAddDelV2,
    MemifSocketFilenameAddDelV2Reply,
};
use vpp_bindings::wire::bootstrap::{
    ControlPing, SOCKCLNT_CREATE_ID, SockclntCreate, SockclntCreateReply, SockclntDelete,
};
use vpp_bindings::wire::{FixedString, Header, Message, decode_payload, frame};

/// The first argument that makes this program the limit.
pub(super) const FLAG: &str = "--canned";

/// As long as the tag of the plugin's objects.
const TAG: &str = "cni:AAAAAAAAAAAAAAAAAAAAAA:net1:canned";

/// `add SOCKET FILE BRIDGE` prints the numbers that `del SOCKET INTERFACE SOCKET-ID BRIDGE`
/// needs.
pub(super) fn main(arguments: impl Iterator<Item = String>) -> ExitCode {
    let arguments: Vec<String> = arguments.collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["add", socket, file, bridge] => add(Path::new(socket), file, bridge),
        ["del", socket, interface, id, bridge] => del(Path::new(socket), interface, id, bridge),
        _ => Err(io::Error::other("unknown arguments")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cni-bench {FLAG}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn add(socket: &Path, file: &str, bridge: &str) -> io::Result<()> {
    let bd_id = number(bridge)?;
    let mut vpp = PlainSocket::connect(socket)?;
    if !vpp.has_bridge(bd_id)? {
        let create = BridgeDomainAddDelV2 {
            bd_id,
            flood: true,
            uu_flood: true,
            forward: true,
            learn: true,
            is_add: true,
            ..Default::default()
        };
        vpp.call(&create)?;
    }
    let reply = vpp.call(&MemifSocketFilenameAddDelV2 {
        is_add: true,
        socket_id: u32::MAX,
        socket_filename: file.into(),
    })?;
    let socket_id = decode::<MemifSocketFilenameAddDelV2Reply>(&reply)?.socket_id;
    let reply = vpp.call(&MemifCreateV2 {
        role: MemifRole::MASTER,
        rx_queues: 1,
        tx_queues: 1,
        socket_id,
        ring_size: 1024,
        buffer_size: 2048,
        ..Default::default()
    })?;
    let sw_if_index = decode::<MemifCreateV2Reply>(&reply)?.sw_if_index;
    let tag = FixedString::new(TAG).map_err(io::Error::other)?;
    vpp.call(&SwInterfaceTagAddDel {
        is_add: true,
        sw_if_index,
        tag,
    })?;
    vpp.call(&SwInterfaceSetL2Bridge {
        rx_sw_if_index: sw_if_index,
        bd_id,
        enable: true,
        ..Default::default()
    })?;
    let flags = IfStatusFlags::ADMIN_UP;
    vpp.call(&SwInterfaceSetFlags { sw_if_index, flags })?;
    vpp.close()?;
    println!("{} {socket_id}", sw_if_index.0);
    Ok(())
}

fn del(socket: &Path, interface: &str, socket_id: &str, bridge: &str) -> io::Result<()> {
    let (sw_if_index, bd_id) = (InterfaceIndex(number(interface)?), number(bridge)?);
    let mut vpp = PlainSocket::connect(socket)?;
    vpp.dump(&SwInterfaceDump {
        sw_if_index,
        ..Default::default()
    })?;
    vpp.call(&MemifDelete { sw_if_index })?;
    vpp.call(&MemifSocketFilenameAddDelV2 {
        is_add: false,
        socket_id: number(socket_id)?,
        socket_filename: Default::default(),
    })?;
    if vpp.members(bd_id)? == Some(0) {
        vpp.call(&BridgeDomainAddDelV2 {
            bd_id,
            is_add: false,
            ..Default::default()
        })?;
    }
    vpp.close()
}

fn number(text: &str) -> io::Result<u32> {
    text.parse().map_err(io::Error::other)
}

fn decode<M: Message>(payload: &[u8]) -> io::Result<M> {
    let (_, message) = decode_payload(payload).map_err(io::Error::other)?;
    Ok(message)
}

/// A socket that waits for each reply.
struct PlainSocket {
    io: UnixStream,
    ids: std::collections::HashMap<String, u16>,
    client_index: u32,
}

impl PlainSocket {
    fn connect(socket: &Path) -> io::Result<Self> {
        let mut plain = Self {
            io: UnixStream::connect(socket)?,
            ids: Default::default(),
            client_index: 0,
        };
        let name = FixedString::new("canned").map_err(io::Error::other)?;
        plain.send(&SockclntCreate { name }, SOCKCLNT_CREATE_ID)?;
        let reply: SockclntCreateReply = decode(&plain.frame()?)?;
        plain.client_index = reply.index;
        let table = reply.message_table.into_iter();
        plain.ids = table
            .map(|it| (it.name.to_string_lossy().into_owned(), it.index))
            .collect();
        Ok(plain)
    }

    fn send<M: Message>(&mut self, message: &M, id: u16) -> io::Result<()> {
        let header = Header {
            client_index: self.client_index,
            context: 1,
        };
        let mut out = Vec::new();
        frame::encode(message, id, header, frame::MAX_PAYLOAD, &mut out)
            .map_err(io::Error::other)?;
        self.io.write_all(&out)
    }

    fn id<M: Message>(&self) -> io::Result<u16> {
        let id = self.ids.get(M::KEY).copied();
        id.ok_or_else(|| io::Error::other(format!("VPP does not have {}", M::NAME)))
    }

    fn call<M: Message>(&mut self, message: &M) -> io::Result<Vec<u8>> {
        let id = self.id::<M>()?;
        self.send(message, id)?;
        self.frame()
    }

    /// The payloads before the ping's reply.
    fn dump<M: Message>(&mut self, message: &M) -> io::Result<Vec<Vec<u8>>> {
        const PONG: usize = 18;
        let (id, ping) = (self.id::<M>()?, self.id::<ControlPing>()?);
        self.send(message, id)?;
        self.send(&ControlPing {}, ping)?;
        let mut all = Vec::new();
        loop {
            let payload = self.frame()?;
            if payload.len() == PONG {
                return Ok(all);
            }
            all.push(payload);
        }
    }

    fn has_bridge(&mut self, bd_id: u32) -> io::Result<bool> {
        Ok(self.members(bd_id)?.is_some())
    }

    fn members(&mut self, bd_id: u32) -> io::Result<Option<usize>> {
        let sw_if_index = InterfaceIndex(u32::MAX);
        let all = self.dump(&BridgeDomainDump { bd_id, sw_if_index })?;
        let Some(payload) = all.first() else {
            return Ok(None);
        };
        let details: BridgeDomainDetails = decode(payload)?;
        Ok(Some(details.sw_if_details.len()))
    }

    fn frame(&mut self) -> io::Result<Vec<u8>> {
        let mut header = [0; frame::HEADER_SIZE];
        self.io.read_exact(&mut header)?;
        let size = frame::frame_size(&header, frame::MAX_PAYLOAD).map_err(io::Error::other)?;
        let size = size.ok_or_else(|| io::Error::other("no header"))?;
        let mut payload = vec![0; size.saturating_sub(frame::HEADER_SIZE)];
        self.io.read_exact(&mut payload)?;
        Ok(payload)
    }

    fn close(mut self) -> io::Result<()> {
        let index = self.client_index;
        self.call(&SockclntDelete { index }).map(drop)
    }
}
