//! A client of the stats segment that shares no code with the simulator.

use std::collections::BTreeMap;
use std::io::IoSliceMut;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::pread;
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SocketAddrUnix,
    SocketFlags, SocketType, connect, recvmsg, socket_with,
};

/// A value of an entry.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
pub enum Value {
    Scalar(u64),
    Gauge(u64),
    Simple(Vec<Vec<u64>>),
    Combined(Vec<Vec<(u64, u64)>>),
    Names(Vec<Option<String>>),
    Symlink(String, u32),
}

/// A segment: its descriptor, or a copy of its bytes.
pub enum Segment {
    Shared(OwnedFd),
    Copy(Vec<u8>),
}

/// A connection to a stats socket.
pub fn connect_to(path: &Path) -> OwnedFd {
    let socket = socket_with(
        AddressFamily::UNIX,
        SocketType::SEQPACKET,
        SocketFlags::CLOEXEC,
        None,
    )
    .unwrap();
    // No reply takes this long, so a hang fails the test.
    let limit = Some(Duration::from_secs(20));
    set_socket_timeout(&socket, Timeout::Recv, limit).unwrap();
    connect(&socket, &SocketAddrUnix::new(path).unwrap()).unwrap();
    socket
}

/// Whether nothing arrives within a time.
pub fn is_silent(socket: &OwnedFd, time: Duration) -> bool {
    let events = PollFlags::IN | PollFlags::HUP;
    let mut wanted = [PollFd::new(socket, events)];
    poll(&mut wanted, Some(&time.try_into().unwrap())).unwrap() == 0
}

/// Receives the descriptor: one message of zero bytes, and then the end.
pub fn receive(socket: &OwnedFd) -> Segment {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(4))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let (mut bytes, flags) = ([0; 16], RecvFlags::CMSG_CLOEXEC);
    let message = recvmsg(
        socket,
        &mut [IoSliceMut::new(&mut bytes)],
        &mut control,
        flags,
    )
    .unwrap();
    assert_eq!(message.bytes, 0);
    let mut descriptors = Vec::new();
    for part in control.drain() {
        if let RecvAncillaryMessage::ScmRights(rights) = part {
            descriptors.extend(rights);
        }
    }
    assert_eq!(descriptors.len(), 1);
    let mut control = RecvAncillaryBuffer::default();
    let after = recvmsg(
        socket,
        &mut [IoSliceMut::new(&mut bytes)],
        &mut control,
        flags,
    );
    assert_eq!(after.unwrap().bytes, 0);
    Segment::Shared(descriptors.remove(0))
}

impl Segment {
    pub fn connect(path: &Path) -> Self {
        receive(&connect_to(path))
    }

    pub fn size(&self) -> u64 {
        match self {
            Self::Shared(memfd) => rustix::fs::fstat(memfd).unwrap().st_size.unsigned_abs(),
            Self::Copy(bytes) => bytes.len() as u64,
        }
    }

    fn bytes(&self, offset: u64, size: usize) -> Vec<u8> {
        match self {
            Self::Shared(memfd) => {
                let mut bytes = vec![0; size];
                assert_eq!(pread(memfd, &mut bytes, offset).unwrap(), size);
                bytes
            }
            Self::Copy(bytes) => bytes[usize::try_from(offset).unwrap()..][..size].to_vec(),
        }
    }

    /// Copies all bytes, unless VPP updates the directory meanwhile.
    pub fn copy(&self) -> Option<Self> {
        let epoch = self.epoch();
        if self.in_progress() != 0 {
            return None;
        }
        let bytes = self.bytes(0, usize::try_from(self.size()).unwrap());
        let is_whole = (self.in_progress(), self.epoch()) == (0, epoch);
        is_whole.then_some(Self::Copy(bytes))
    }

    pub fn u64(&self, offset: u64) -> u64 {
        u64::from_ne_bytes(self.bytes(offset, 8).try_into().unwrap())
    }

    fn u32(&self, offset: u64) -> u32 {
        u32::from_ne_bytes(self.bytes(offset, 4).try_into().unwrap())
    }

    pub fn epoch(&self) -> u64 {
        self.u64(16)
    }

    pub fn in_progress(&self) -> u64 {
        self.u64(24)
    }

    /// The offset and the length of the vector that a pointer points to.
    fn vector(&self, pointer: u64) -> Option<(u64, u32)> {
        let start = pointer.checked_sub(self.u64(8)).filter(|_| pointer != 0)?;
        assert_eq!(start % 8, 0);
        Some((start, self.u32(start - 8)))
    }

    /// The rows of a counter: each an offset and a length.
    fn rows(&self, pointer: u64) -> Vec<(u64, u32)> {
        let Some((start, length)) = self.vector(pointer) else {
            return Vec::new();
        };
        let rows = (0..u64::from(length)).map(|row| self.u64(start + row * 8));
        rows.map(|row| self.vector(row).unwrap_or_default())
            .collect()
    }

    fn name(&self, entry: u64) -> String {
        let name = self.bytes(entry + 16, 128);
        let name = name.split(|byte| *byte == 0).next().unwrap();
        String::from_utf8(name.to_vec()).unwrap()
    }

    /// The type and the name of every entry.
    pub fn types(&self) -> Vec<(u32, String)> {
        let (start, length) = self.vector(self.u64(32)).unwrap();
        let entries = (0..u64::from(length)).map(|index| start + index * 144);
        entries
            .map(|entry| (self.u32(entry), self.name(entry)))
            .collect()
    }

    /// All entries that are not free, by name.
    pub fn entries(&self) -> BTreeMap<String, Value> {
        assert_eq!((self.u64(0), self.in_progress()), (2, 0));
        let (start, length) = self.vector(self.u64(32)).unwrap();
        let mut entries = BTreeMap::new();
        for index in 0..u64::from(length) {
            let entry = start + index * 144;
            let value = self.u64(entry + 8);
            let columns = |(start, length): (u64, u32), size: u64| {
                (0..u64::from(length)).map(move |column| start + column * size)
            };
            let value = match self.u32(entry) {
                1 => Value::Scalar(value),
                9 => Value::Gauge(value),
                2 => Value::Simple(
                    self.rows(value)
                        .into_iter()
                        .map(|row| columns(row, 8).map(|at| self.u64(at)).collect())
                        .collect(),
                ),
                3 => Value::Combined(
                    self.rows(value)
                        .into_iter()
                        .map(|row| columns(row, 16).map(|at| (self.u64(at), self.u64(at + 8))))
                        .map(Iterator::collect)
                        .collect(),
                ),
                4 => Value::Names(
                    self.rows(value)
                        .into_iter()
                        .map(|it| self.text(it))
                        .collect(),
                ),
                5 => {
                    assert_eq!(self.name(entry), "");
                    continue;
                }
                6 => {
                    let target = u64::from(self.u32(entry + 8));
                    assert!(target < u64::from(length));
                    Value::Symlink(self.name(start + target * 144), self.u32(entry + 12))
                }
                other => panic!("an entry of type {other}"),
            };
            let twice = entries.insert(self.name(entry), value);
            assert_eq!(twice, None);
        }
        entries
    }

    fn text(&self, (start, length): (u64, u32)) -> Option<String> {
        if start == 0 {
            return None;
        }
        let mut text = self.bytes(start, length as usize);
        assert_eq!(text.pop(), Some(0));
        Some(String::from_utf8(text).unwrap())
    }
}
