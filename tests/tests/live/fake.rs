//! A VPP whose messages and definitions a test chooses.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::thread::JoinHandle;

use vpp_bindings::memclnt::{GetApiJson, GetApiJsonReply};
use vpp_bindings::vpe::{ShowVersion, ShowVersionReply};
use vpp_wire::bootstrap::{
    MessageTableEntry, SOCKCLNT_CREATE_ID, SOCKCLNT_CREATE_REPLY_ID, SockclntCreate,
    SockclntCreateReply, SockclntDelete, SockclntDeleteReply,
};
use vpp_wire::{FixedString, Header, Message, decode_payload, frame};

/// A server for one client, until the client unregisters.
pub struct Fake {
    folder: tempfile::TempDir,
    server: Option<JoinHandle<()>>,
}

impl Fake {
    /// A VPP with the messages `keys` in its table, which replies to `get_api_json` with `json`.
    pub fn new(keys: Vec<String>, json: String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("api.sock")).unwrap();
        let server = std::thread::spawn(move || serve(listener.accept().unwrap().0, &keys, &json));
        Self {
            folder,
            server: Some(server),
        }
    }

    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("api.sock")
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        let server = self.server.take().unwrap();
        if !std::thread::panicking() {
            server.join().unwrap();
        }
    }
}

fn serve(mut stream: UnixStream, keys: &[String], json: &str) {
    let id =
        |key: &str| u16::try_from(keys.iter().position(|known| known == key).unwrap()).unwrap();
    loop {
        let mut head = [0; frame::HEADER_SIZE];
        stream.read_exact(&mut head).unwrap();
        let size = frame::frame_size(&head, frame::MAX_PAYLOAD)
            .unwrap()
            .unwrap();
        let mut payload = vec![0; size - frame::HEADER_SIZE];
        stream.read_exact(&mut payload).unwrap();
        let request_id = u16::from_be_bytes(*payload.first_chunk().unwrap());
        if request_id == SOCKCLNT_CREATE_ID {
            let entries = keys.iter().enumerate().map(|(at, key)| MessageTableEntry {
                index: u16::try_from(at).unwrap(),
                name: FixedString::new(key).unwrap(),
            });
            let reply = SockclntCreateReply {
                response: 0,
                index: 1,
                message_table: entries.collect(),
            };
            answer::<SockclntCreate, _>(&mut stream, &payload, SOCKCLNT_CREATE_REPLY_ID, &reply);
        } else if request_id == id(ShowVersion::KEY) {
            let reply = ShowVersionReply {
                version: FixedString::new("a test's").unwrap(),
                ..Default::default()
            };
            answer::<ShowVersion, _>(&mut stream, &payload, id(ShowVersionReply::KEY), &reply);
        } else if request_id == id(GetApiJson::KEY) {
            let reply = GetApiJsonReply {
                retval: 0,
                json: json.into(),
            };
            answer::<GetApiJson, _>(&mut stream, &payload, id(GetApiJsonReply::KEY), &reply);
        } else {
            assert_eq!(request_id, id(SockclntDelete::KEY));
            let reply = SockclntDeleteReply { response: 1 };
            let reply_id = id(SockclntDeleteReply::KEY);
            return answer::<SockclntDelete, _>(&mut stream, &payload, reply_id, &reply);
        }
    }
}

fn answer<Q: Message, A: Message>(stream: &mut UnixStream, request: &[u8], id: u16, reply: &A) {
    let (header, _): (Header, Q) = decode_payload(request).unwrap();
    let mut bytes = Vec::new();
    frame::encode(reply, id, header, frame::MAX_PAYLOAD, &mut bytes).unwrap();
    stream.write_all(&bytes).unwrap();
}
