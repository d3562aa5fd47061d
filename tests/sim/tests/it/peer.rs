//! A blocking client that can also violate the protocol.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use vpp_bindings::REGISTRY;
use vpp_wire::bootstrap::{SOCKCLNT_CREATE_ID, SockclntCreate, SockclntCreateReply};
use vpp_wire::frame::{self, MAX_PAYLOAD};
use vpp_wire::registry::Entry;
use vpp_wire::{FixedString, Header, decode_payload};

/// One message from the simulator.
pub struct Answer {
    pub entry: &'static Entry,
    pub payload: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        let convert = self.entry.json.as_ref().unwrap();
        let text = (convert.from_payload)(&self.payload).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    pub fn context(&self) -> u32 {
        self.entry.layout.context_of(&self.payload).unwrap_or(0)
    }
}

pub struct Peer {
    stream: UnixStream,
    buffer: Vec<u8>,
    pub ids: HashMap<String, u16>,
    names: HashMap<u16, String>,
    pub index: u32,
    context: u32,
    pub events: Vec<Answer>,
}

impl Peer {
    /// Connects without a handshake.
    pub fn connect_only(socket: &Path) -> Self {
        let stream = UnixStream::connect(socket).unwrap();
        // No reply takes this long, so a hang fails the test.
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        stream
            .set_write_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        Self {
            stream,
            buffer: Vec::new(),
            ids: HashMap::new(),
            names: HashMap::new(),
            index: 0,
            context: 0,
            events: Vec::new(),
        }
    }

    pub fn connect(socket: &Path) -> Self {
        let mut peer = Self::connect_only(socket);
        peer.handshake();
        peer
    }

    pub fn handshake(&mut self) {
        let create = SockclntCreate {
            name: FixedString::new("peer").unwrap(),
        };
        let mut bytes = Vec::new();
        frame::encode(
            &create,
            SOCKCLNT_CREATE_ID,
            Header::default(),
            MAX_PAYLOAD,
            &mut bytes,
        )
        .unwrap();
        self.write(&bytes);
        let payload = self.read_payload().expect("an answer to the handshake");
        let (_, reply) = decode_payload::<SockclntCreateReply>(&payload).unwrap();
        self.index = reply.index;
        for entry in &reply.message_table {
            self.ids.insert(entry.name.to_string(), entry.index);
            self.names.insert(entry.index, entry.name.to_string());
        }
    }

    pub fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    pub fn try_write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.write_all(bytes)
    }

    pub fn set_nonblocking(&self) {
        self.stream.set_nonblocking(true).unwrap();
    }

    /// Encodes a request as a frame.
    pub fn frame(&mut self, name: &str, args: &Value) -> Vec<u8> {
        self.frame_for(self.index, name, args)
    }

    pub fn frame_for(&mut self, client_index: u32, name: &str, args: &Value) -> Vec<u8> {
        let entry = REGISTRY
            .by_name(name)
            .unwrap_or_else(|| panic!("no message {name}"));
        let message = (entry.json.as_ref().unwrap().to_message)(&args.to_string()).unwrap();
        self.context += 1;
        let header = Header {
            client_index,
            context: self.context,
        };
        let id = self.ids[entry.key];
        let (mut payload, mut bytes) = (Vec::new(), Vec::new());
        message.encode_payload(id, header, &mut payload).unwrap();
        frame::wrap(&payload, &mut bytes).unwrap();
        bytes
    }

    /// Sends a request and returns its context.
    pub fn send(&mut self, name: &str, args: &Value) -> u32 {
        let frame = self.frame(name, args);
        self.write(&frame);
        self.context
    }

    /// Reads the next payload, or `None` if the connection is closed.
    pub fn read_payload(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Ok(Some(found)) = frame::split(&self.buffer, MAX_PAYLOAD) {
                let (payload, size) = (found.payload.to_vec(), found.size);
                self.buffer.drain(..size);
                return Some(payload);
            }
            let mut chunk = [0; 65536];
            match self.stream.read(&mut chunk) {
                Ok(0) => return None,
                Ok(count) => self.buffer.extend_from_slice(&chunk[..count]),
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return None,
                Err(error) => panic!("cannot read: {error}"),
            }
        }
    }

    /// Reads all bytes until the connection is closed.
    pub fn read_to_end(&mut self) -> Vec<u8> {
        let mut bytes = std::mem::take(&mut self.buffer);
        self.stream.read_to_end(&mut bytes).unwrap();
        bytes
    }

    pub fn read_exact(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.stream.read_exact(&mut bytes).unwrap();
        bytes
    }

    /// Reads the next message, or `None` if the connection is closed.
    pub fn next(&mut self) -> Option<Answer> {
        let payload = self.read_payload()?;
        let id = u16::from_be_bytes([payload[0], payload[1]]);
        let entry = REGISTRY
            .get(&self.names[&id])
            .expect("a message of the bindings");
        Some(Answer { entry, payload })
    }

    /// Reads the next message that is not an event. Stores events.
    pub fn next_answer(&mut self) -> Answer {
        loop {
            let answer = self.next().expect("an answer");
            if answer.entry.name.ends_with("_event") {
                self.events.push(answer);
            } else {
                return answer;
            }
        }
    }

    /// Reads up to a message of this name. Returns false if the connection closes before.
    pub fn answers_until(&mut self, name: &str) -> bool {
        loop {
            match self.next() {
                Some(answer) if answer.entry.name == name => return true,
                Some(_) => {}
                None => return false,
            }
        }
    }

    /// Sends a request and returns its reply.
    pub fn call(&mut self, name: &str, args: Value) -> Answer {
        let context = self.send(name, &args);
        let answer = self.next_answer();
        assert_eq!(
            (answer.entry.name, answer.context()),
            (&*format!("{name}_reply"), context)
        );
        answer
    }

    pub fn retval(&mut self, name: &str, args: Value) -> i64 {
        self.call(name, args).json()["retval"].as_i64().unwrap()
    }

    /// Sends a dump and a ping, and returns the details.
    pub fn dump(&mut self, name: &str, args: Value) -> Vec<Answer> {
        let context = self.send(name, &args);
        self.send("control_ping", &json!({}));
        let mut details = Vec::new();
        loop {
            let answer = self.next_answer();
            if answer.entry.name == "control_ping_reply" {
                return details;
            }
            assert_eq!(answer.context(), context);
            details.push(answer);
        }
    }

    /// Takes the events that arrived before the reply to a ping.
    pub fn take_events(&mut self) -> Vec<Answer> {
        self.call("control_ping", json!({}));
        std::mem::take(&mut self.events)
    }
}
