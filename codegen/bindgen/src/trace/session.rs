use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use vpp_wire::bootstrap::{
    ControlPing, SOCKCLNT_CREATE_ID, SOCKCLNT_CREATE_REPLY_ID, SockclntCreate, SockclntCreateReply,
    SockclntDelete,
};
use vpp_wire::{FixedString, Header, Message, decode_payload, frame};

/// The memory for the answers to one request.
const MAX_ANSWERS: usize = 256 << 20;

/// A connection to VPP that sends messages whose types are known only at run time, one after
/// another.
pub struct Session {
    socket: PathBuf,
    stream: UnixStream,
    client_index: u32,
    ids: HashMap<String, u16>,
    keys: HashMap<u16, String>,
    context: u32,
}

/// A message from VPP: the key and the payload.
pub type Answer = (String, Vec<u8>);

impl Session {
    /// Connects and reads the message table. `timeout` limits each wait for VPP.
    pub fn connect(socket: &Path, timeout: Duration) -> Result<Self, String> {
        let failed = |error: io::Error| {
            format!(
                "cannot connect to VPP at {}: {error}; check that VPP is running and that this \
                 is its API socket (`socksvr` in startup.conf)",
                socket.display()
            )
        };
        let stream = UnixStream::connect(socket).map_err(failed)?;
        stream.set_read_timeout(Some(timeout)).map_err(failed)?;
        stream.set_write_timeout(Some(timeout)).map_err(failed)?;
        let mut session = Self {
            socket: socket.to_owned(),
            stream,
            client_index: 0,
            ids: HashMap::new(),
            keys: HashMap::new(),
            context: 0,
        };
        let name = FixedString::new("vpp-bindgen").unwrap_or_default();
        let (mut out, header) = (Vec::new(), Header::default());
        session.encode(
            &SockclntCreate { name },
            SOCKCLNT_CREATE_ID,
            header,
            &mut out,
        )?;
        session.write(&out)?;
        let (id, payload) = session.read()?;
        if id != SOCKCLNT_CREATE_REPLY_ID {
            return Err(session.failed(format_args!("unexpected reply {id} to sockclnt_create")));
        }
        let reply = decode_payload::<SockclntCreateReply>(&payload);
        let (_, reply) = reply.map_err(|error| session.failed(error))?;
        if reply.response < 0 {
            let response = reply.response;
            return Err(session.failed(format_args!("VPP refused the client: {response}")));
        }
        session.client_index = reply.index;
        for entry in reply.message_table {
            if let Ok(key) = entry.name.as_str() {
                session.ids.insert(key.to_owned(), entry.index);
                session.keys.insert(entry.index, key.to_owned());
            }
        }
        Ok(session)
    }

    /// Whether VPP has a message with this name and CRC.
    pub fn has(&self, key: &str) -> bool {
        self.ids.contains_key(key)
    }

    /// The CRC with which VPP has a message.
    pub fn other_key(&self, name: &str) -> Option<&str> {
        let keys = self.ids.keys();
        let mut keys = keys.filter(|key| key.rsplit_once('_').is_some_and(|(n, _)| n == name));
        keys.next().map(String::as_str)
    }

    /// Sends a message with this connection's message number, client index and context, and a
    /// ping. Returns the answers before the reply to the ping.
    ///
    /// VPP handles requests in order, so a request that it answers at once is answered by then.
    pub fn exchange(
        &mut self,
        key: &str,
        mut payload: Vec<u8>,
        client_index_at: Option<u64>,
        context_at: Option<u64>,
    ) -> Result<Vec<Answer>, String> {
        let unknown = |key: &str| format!("VPP does not have {key}");
        let id = *self.ids.get(key).ok_or_else(|| unknown(key))?;
        let ping = *self
            .ids
            .get(ControlPing::KEY)
            .ok_or_else(|| unknown(ControlPing::KEY))?;
        let context = self.next_context();
        for (at, bytes) in [
            (Some(0), &id.to_be_bytes()[..]),
            (client_index_at, &self.client_index.to_be_bytes()),
            (context_at, &context.to_be_bytes()),
        ] {
            let at = at.and_then(|at| usize::try_from(at).ok());
            let place = at.and_then(|at| payload.get_mut(at..at.checked_add(bytes.len())?));
            if let Some(place) = place {
                place.copy_from_slice(bytes);
            }
        }
        let mut out = Vec::new();
        frame::wrap(&payload, &mut out).map_err(|error| self.failed(error))?;
        let header = Header {
            client_index: self.client_index,
            context: self.next_context(),
        };
        self.encode(&ControlPing {}, ping, header, &mut out)?;
        self.write(&out)?;
        let (mut answers, mut bytes) = (Vec::new(), 0_usize);
        loop {
            let (id, payload) = self.read()?;
            let found = payload.get(2..).and_then(<[u8]>::first_chunk);
            let found = found.map(|bytes| u32::from_be_bytes(*bytes));
            if found == Some(header.context) {
                return Ok(answers);
            }
            // Events and late replies have another context.
            if found != Some(context) {
                continue;
            }
            bytes = bytes.saturating_add(payload.len());
            if bytes > MAX_ANSWERS {
                let limit = MAX_ANSWERS >> 20;
                return Err(self.failed(format_args!("the answers to {key} exceed {limit} MiB")));
            }
            let key = self.keys.get(&id).cloned();
            answers.push((
                key.unwrap_or_else(|| format!("message number {id}")),
                payload,
            ));
        }
    }

    /// Unregisters from VPP. An error is ignored: VPP removes the client when the socket closes.
    pub fn close(mut self) {
        let Some(id) = self.ids.get(SockclntDelete::KEY).copied() else {
            return;
        };
        let index = self.client_index;
        let header = Header {
            client_index: index,
            context: self.next_context(),
        };
        let mut out = Vec::new();
        if self
            .encode(&SockclntDelete { index }, id, header, &mut out)
            .is_ok()
            && self.write(&out).is_ok()
        {
            let _ = self.read();
        }
    }

    fn next_context(&mut self) -> u32 {
        self.context = self.context.wrapping_add(1);
        self.context
    }

    fn encode<M: Message>(
        &self,
        message: &M,
        id: u16,
        header: Header,
        out: &mut Vec<u8>,
    ) -> Result<(), String> {
        frame::encode(message, id, header, frame::MAX_PAYLOAD, out)
            .map_err(|error| self.failed(error))
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), String> {
        let written = self.stream.write_all(bytes);
        written.map_err(|error| self.failed(waited(error)))
    }

    /// Reads a frame: the message number and the payload.
    fn read(&mut self) -> Result<(u16, Vec<u8>), String> {
        let mut header = [0; frame::HEADER_SIZE];
        self.fill(&mut header)?;
        let size = frame::frame_size(&header, frame::MAX_PAYLOAD);
        let size = size.map_err(|error| self.failed(error))?;
        let length = size.unwrap_or_default().saturating_sub(frame::HEADER_SIZE);
        let mut payload = Vec::new();
        let read = (&mut self.stream)
            .take(length as u64)
            .read_to_end(&mut payload);
        read.map_err(|error| self.failed(waited(error)))?;
        if payload.len() < length {
            return Err(self.failed("VPP closed the connection"));
        }
        let id = payload.first_chunk().copied().unwrap_or_default();
        Ok((u16::from_be_bytes(id), payload))
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), String> {
        match self.stream.read_exact(bytes) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(self.failed("VPP closed the connection"))
            }
            Err(error) => Err(self.failed(waited(error))),
        }
    }

    fn failed(&self, error: impl std::fmt::Display) -> String {
        format!("{}: {error}", self.socket.display())
    }
}

/// The error of a socket. A wait that is over has a clearer text.
fn waited(error: io::Error) -> String {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
            "VPP did not answer in time".to_owned()
        }
        _ => error.to_string(),
    }
}
