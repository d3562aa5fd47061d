//! The handshake, and calls by name.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use super::LiveError;
use super::socket::Socket;
use crate::{Codec, Definitions, Header};

/// The ids of `sockclnt_create` and its reply, the only ones known before the handshake.
const HANDSHAKE: Ids = Ids {
    request: 15,
    reply: 16,
};

/// The name in VPP's list of clients.
const NAME: &str = "vpp-bindgen";

/// What the messages of a call are in VPP's table.
#[derive(Clone, Copy)]
struct Ids {
    request: u16,
    reply: u16,
}

/// A connection on which VPP knows this client.
pub struct Session {
    path: PathBuf,
    socket: Socket,
    timeout: Duration,
    codec: Codec,
    client_index: u32,
    /// Ids by key.
    table: BTreeMap<String, u16>,
    context: u32,
}

impl Session {
    pub fn open(path: &Path, timeout: Duration) -> Result<Self, LiveError> {
        let codec = Codec::new([Definitions::vendored()])?;
        let socket = Socket::connect(path).map_err(|source| LiveError::Connect {
            socket: path.to_owned(),
            source,
        })?;
        let mut session = Self {
            path: path.to_owned(),
            socket,
            timeout,
            codec,
            client_index: 0,
            table: BTreeMap::new(),
            context: 0,
        };
        session.shake_hands()?;
        Ok(session)
    }

    fn shake_hands(&mut self) -> Result<(), LiveError> {
        let asked = "sockclnt_create";
        let reply = self.exchange(HANDSHAKE, asked, &json!({ "name": NAME }))?;
        let problem = |problem: &str| self.answer(asked, problem.to_owned());
        if reply["response"] != 0 {
            return Err(problem("it refuses the client"));
        }
        let number = |value: &Value| value.as_u64();
        let index = number(&reply["index"]).and_then(|index| u32::try_from(index).ok());
        let entries = reply["message_table"].as_array();
        let (Some(index), Some(entries)) = (index, entries) else {
            return Err(problem("no message table"));
        };
        let mut table = BTreeMap::new();
        for entry in entries {
            let id = number(&entry["index"]).and_then(|id| u16::try_from(id).ok());
            if let (Some(id), Some(key)) = (id, entry["name"].as_str()) {
                table.insert(key.to_owned(), id);
            }
        }
        (self.client_index, self.table) = (index, table);
        Ok(())
    }

    /// Every message of the table, with its CRC.
    pub fn messages(&self) -> BTreeMap<String, u32> {
        let keys = self.table.keys();
        keys.filter_map(|key| {
            let (name, crc) = key.rsplit_once('_')?;
            Some((name.to_owned(), u32::from_str_radix(crc, 16).ok()?))
        })
        .collect()
    }

    /// The release as VPP calls it; empty where it cannot be asked.
    pub fn version(&mut self) -> Result<String, LiveError> {
        let reply = self.call("show_version", &json!({}))?;
        let version = reply.as_ref().and_then(|reply| reply["version"].as_str());
        Ok(version.unwrap_or_default().to_owned())
    }

    /// The answer of `get_api_json`; `None` where this VPP does not have it.
    pub fn api_json(&mut self) -> Result<Option<String>, LiveError> {
        let asked = "get_api_json";
        let Some(mut reply) = self.call(asked, &json!({}))? else {
            return Ok(None);
        };
        match (reply["retval"].take(), reply["json"].take()) {
            (retval, Value::String(text)) if retval == 0 => Ok(Some(text)),
            (retval, _) => Err(self.answer(asked, format!("it refuses with {retval}"))),
        }
    }

    /// The reply to a request; `None` where this VPP does not have it.
    fn call(&mut self, message: &str, fields: &Value) -> Result<Option<Value>, LiveError> {
        let ids = (self.id(message), self.id(&format!("{message}_reply")));
        let (Some(request), Some(reply)) = ids else {
            return Ok(None);
        };
        let ids = Ids { request, reply };
        self.exchange(ids, message, fields).map(Some)
    }

    /// What VPP's table has for the message as this program knows it.
    fn id(&self, message: &str) -> Option<u16> {
        let crc = self.codec.crc(message)?;
        self.table.get(&format!("{message}_{crc:08x}")).copied()
    }

    /// Sends one message and waits for what answers it; what else VPP sends is passed over.
    fn exchange(&mut self, ids: Ids, message: &str, fields: &Value) -> Result<Value, LiveError> {
        self.context += 1;
        let header = Header {
            msg_id: ids.request,
            client_index: self.client_index,
            context: self.context,
        };
        let payload = self.codec.encode(message, &fields.to_string(), header);
        let payload = payload.map_err(|error| self.answer(message, error.to_string()))?;
        self.socket.allow(self.timeout);
        self.socket
            .send(&payload)
            .map_err(|error| self.broken(message, error))?;
        let payload = loop {
            let payload = self.socket.receive();
            let payload = payload.map_err(|error| self.broken(message, error))?;
            if self.is_reply(&payload, ids) {
                break payload;
            }
        };
        let reply = self.codec.decode(&format!("{message}_reply"), &payload);
        let reply = reply.map_err(|error| error.to_string());
        let reply = reply.and_then(|text| {
            serde_json::from_str(&text).map_err(|error: serde_json::Error| error.to_string())
        });
        reply.map_err(|problem| self.answer(message, problem))
    }

    /// Whether it answers the last request: the context stands behind the id, or in the reply
    /// to the handshake behind an index.
    fn is_reply(&self, payload: &[u8], ids: Ids) -> bool {
        let at = if ids.reply == HANDSHAKE.reply { 6 } else { 2 };
        payload.first_chunk() == Some(&ids.reply.to_be_bytes())
            && payload.get(at..at + 4) == Some(&self.context.to_be_bytes())
    }

    fn answer(&self, asked: &str, problem: String) -> LiveError {
        LiveError::Answer {
            socket: self.path.clone(),
            asked: asked.to_owned(),
            problem,
        }
    }

    fn broken(&self, asked: &str, source: io::Error) -> LiveError {
        let (socket, asked) = (self.path.clone(), asked.to_owned());
        match source.kind() {
            io::ErrorKind::TimedOut => LiveError::Timeout {
                socket,
                asked,
                timeout: self.timeout,
            },
            io::ErrorKind::InvalidData => self.answer(&asked, source.to_string()),
            _ => LiveError::Lost {
                socket,
                asked,
                source,
            },
        }
    }
}

/// Takes leave and waits until VPP has seen it. A connection that is merely closed, VPP 26.06
/// may overlook for good: after a large answer it takes the end of the stream for a pause
/// (`vl_socket_read_ready` in `vlibmemory/socket_api.c` looks at the `errno` of an earlier
/// call), and with sixteen such connections it serves nobody any more.
impl Drop for Session {
    fn drop(&mut self) {
        let leave = json!({ "index": self.client_index });
        self.timeout = self.timeout.min(Duration::from_secs(1));
        // Who cannot be told is gone.
        let _ = self.call("sockclnt_delete", &leave);
    }
}
