use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use vpp_bindings::interface::SwInterfaceDump;
use vpp_bindings::wire::bootstrap::{
    ControlPing, ControlPingReply, SOCKCLNT_CREATE_ID, SockclntCreate, SockclntCreateReply,
};
use vpp_bindings::wire::{FixedString, Header, Message, decode_payload, frame};

use super::figure::Sample;
use super::{Work, failed};
use vpp_cli_tests::failure::{Failure, Status};

/// The frame of a `control_ping_reply`.
const PONG: usize = frame::HEADER_SIZE + 18;

/// A plain socket that writes canned frames and counts the bytes it reads: the limit.
#[derive(Debug)]
pub(super) struct Raw {
    io: UnixStream,
    buffer: Vec<u8>,
    ping: Vec<u8>,
    dump: Vec<u8>,
    /// The number of bytes and of details in the answer to the dump.
    dumped: (usize, u64),
}

impl Raw {
    /// Connects and encodes the frames.
    pub(super) fn connect(socket: &Path) -> Result<Self, Failure> {
        let io = UnixStream::connect(socket).map_err(|error| {
            let text = format!("cannot connect to {}: {error}", socket.display());
            Failure::new(Status::NoVpp, text)
        })?;
        let mut raw = Self {
            io,
            buffer: vec![0; 256 << 10],
            ping: Vec::new(),
            dump: Vec::new(),
            dumped: (0, 0),
        };
        raw.handshake()?;
        raw.dumped = raw.first_dump().map_err(failed("plain socket"))?;
        Ok(raw)
    }

    fn handshake(&mut self) -> Result<(), Failure> {
        let broken = |what: &str| Failure::new(Status::Other, format!("handshake: {what}"));
        let name = FixedString::new("client-bench").map_err(|_| broken("the name"))?;
        let hello = SockclntCreate { name };
        let hello = encode(&hello, SOCKCLNT_CREATE_ID, 0)?;
        self.io.write_all(&hello).map_err(failed("handshake"))?;
        let answer = self.frame().map_err(failed("handshake"))?;
        let payload = answer.get(frame::HEADER_SIZE..).unwrap_or_default();
        let (_, answer) = decode_payload::<SockclntCreateReply>(payload)
            .map_err(|error| broken(&error.to_string()))?;
        let id = |key: &str| {
            let mut table = answer.message_table.iter();
            let entry = table.find(|entry| entry.name == *key);
            entry.map(|it| it.index).ok_or_else(|| broken(key))
        };
        self.ping = encode(&ControlPing {}, id(ControlPing::KEY)?, answer.index)?;
        let dump = SwInterfaceDump::default();
        self.dump = encode(&dump, id(SwInterfaceDump::KEY)?, answer.index)?;
        self.dump.extend_from_slice(&self.ping);
        // The reply is recognized by its size alone.
        id(ControlPingReply::KEY).map(drop)
    }

    /// Reads one whole frame.
    fn frame(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; frame::HEADER_SIZE];
        self.io.read_exact(&mut bytes)?;
        let size = frame::frame_size(&bytes, frame::MAX_PAYLOAD).map_err(io::Error::other)?;
        let size = size.ok_or_else(|| io::Error::other("no header"))?;
        bytes.resize(size.max(frame::HEADER_SIZE), 0);
        let (_, rest) = bytes.split_at_mut(frame::HEADER_SIZE);
        self.io.read_exact(rest)?;
        Ok(bytes)
    }

    /// Reads frames up to the ping's reply, to learn the number of bytes per dump.
    fn first_dump(&mut self) -> io::Result<(usize, u64)> {
        self.io.write_all(&self.dump)?;
        let (mut bytes, mut details) = (0, 0);
        loop {
            let frame = self.frame()?.len();
            bytes += frame;
            if frame == PONG {
                return Ok((bytes, details));
            }
            details += 1;
        }
    }

    /// Does `work` for `time`.
    pub(super) fn measure(&mut self, work: Work, time: Duration) -> Result<Sample, Failure> {
        let done = match work {
            Work::Dump => self.dumps(time),
            Work::Sync | Work::Pings(_) => self.pings(work.window(), time),
        };
        done.map_err(failed("plain socket"))
    }

    /// Keeps `window` pings in flight: each reply is followed by another ping.
    fn pings(&mut self, window: usize, time: Duration) -> io::Result<Sample> {
        let frames = self.ping.repeat(window);
        let start = Instant::now();
        self.io.write_all(&frames)?;
        let (mut in_flight, mut partial, mut done) = (window, 0, 0);
        while in_flight > 0 {
            partial += read(&mut self.io, &mut self.buffer)?;
            let received = (partial / PONG).min(in_flight);
            partial -= received * PONG;
            done += received as u64;
            in_flight -= received;
            if start.elapsed() < time {
                let again = self.ping.len() * received;
                self.io.write_all(frames.get(..again).unwrap_or_default())?;
                in_flight += received;
            }
        }
        Ok(Sample::new(done, start.elapsed()))
    }

    fn dumps(&mut self, time: Duration) -> io::Result<Sample> {
        let (size, details) = self.dumped;
        let start = Instant::now();
        let mut done = 0;
        while done == 0 || start.elapsed() < time {
            self.io.write_all(&self.dump)?;
            let mut left = size;
            while left > 0 {
                left = left.saturating_sub(read(&mut self.io, &mut self.buffer)?);
            }
            done += details;
        }
        Ok(Sample::new(done, start.elapsed()))
    }
}

fn read(io: &mut UnixStream, buffer: &mut [u8]) -> io::Result<usize> {
    match io.read(buffer)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        size => Ok(size),
    }
}

fn encode<M: Message>(message: &M, id: u16, client_index: u32) -> Result<Vec<u8>, Failure> {
    let header = Header {
        client_index,
        context: 1,
    };
    let mut out = Vec::new();
    frame::encode(message, id, header, frame::MAX_PAYLOAD, &mut out)
        .map_err(|error| Failure::new(Status::Other, error.to_string()))?;
    Ok(out)
}
