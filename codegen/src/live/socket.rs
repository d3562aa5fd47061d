//! Frames on VPP's socket: 16 bytes of header, of which 4 count, then a payload.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

/// Bytes before every payload; at 8 stands the length of the payload, 4 bytes, big endian.
const HEADER: usize = 16;

/// No answer is as large; VPP's definitions are some 3 MB.
const MAX_PAYLOAD: usize = 64 << 20;

#[derive(Debug)]
pub struct Socket {
    stream: UnixStream,
    deadline: Instant,
}

impl Socket {
    pub fn connect(path: &Path) -> io::Result<Self> {
        Ok(Self {
            stream: UnixStream::connect(path)?,
            deadline: Instant::now(),
        })
    }

    /// From now on, reading and writing ends after `timeout` with an error of the kind
    /// [`io::ErrorKind::TimedOut`].
    pub fn allow(&mut self, timeout: Duration) {
        self.deadline = Instant::now() + timeout;
    }

    pub fn send(&mut self, payload: &[u8]) -> io::Result<()> {
        let length = u32::try_from(payload.len()).map_err(io::Error::other)?;
        let mut frame = vec![0; HEADER];
        frame[8..12].copy_from_slice(&length.to_be_bytes());
        frame.extend_from_slice(payload);
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write_all(&frame).map_err(in_time)
    }

    pub fn receive(&mut self) -> io::Result<Vec<u8>> {
        let mut header = Vec::new();
        self.read(HEADER, &mut header)?;
        let length = header[8..12].iter();
        let length = length.fold(0, |length, byte| length << 8 | usize::from(*byte));
        if !(2..=MAX_PAYLOAD).contains(&length) {
            let problem = format!("a frame of {length} bytes");
            return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
        }
        let mut payload = Vec::new();
        self.read(length, &mut payload)?;
        Ok(payload)
    }

    /// Reads `length` bytes; the buffer grows with what arrives, whatever was announced.
    fn read(&mut self, length: usize, into: &mut Vec<u8>) -> io::Result<()> {
        let mut chunk = [0; 1 << 16];
        while into.len() < length {
            self.stream.set_read_timeout(Some(self.left()?))?;
            let room = chunk.len().min(length - into.len());
            match self.stream.read(&mut chunk[..room]) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => into.extend_from_slice(&chunk[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(in_time(error)),
            }
        }
        Ok(())
    }

    /// The time that is left; a socket takes no timeout of zero.
    fn left(&self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(left)
    }
}

/// A socket says `WouldBlock` when its timeout has passed.
fn in_time(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::WouldBlock => io::ErrorKind::TimedOut.into(),
        _ => error,
    }
}
