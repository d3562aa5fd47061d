//! Connects to VPP's socket and registers the client, on the calling thread.

use std::io;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketAddrUnix, SocketFlags, SocketType, connect, recv,
    send, socket_with,
};
use vpp_wire::frame;

use crate::connection::{
    Handshake, Setup, broken_stream, decode_reply, encode_request, payload_length,
};
use crate::error::Error;

/// How many bytes are read at most at once.
const CHUNK: usize = 64 << 10;

/// Opens a stream on which VPP has registered the client.
pub(super) fn dial(setup: &Setup) -> Result<(UnixStream, Handshake), Error> {
    let longest = Duration::from_secs(365 * 24 * 3600);
    let deadline = Instant::now() + setup.timeout.min(longest);
    let io = connect_until(setup, deadline)?;
    let handshake = register(&io, setup, deadline)?;
    Ok((io, handshake))
}

/// Connects to the socket.
///
/// VPP listens with a queue of five connections. While the queue is full, connect(2) blocks for
/// up to the send timeout.
fn connect_until(setup: &Setup, deadline: Instant) -> Result<UnixStream, Error> {
    let failed = |error: rustix::io::Errno| {
        if error == rustix::io::Errno::AGAIN {
            return Error::backlog(setup.path.clone(), setup.timeout);
        }
        Error::connect(setup.path.clone(), error.into())
    };
    let address = SocketAddrUnix::new(&setup.path).map_err(failed)?;
    let socket = socket_with(
        AddressFamily::UNIX,
        SocketType::STREAM,
        SocketFlags::CLOEXEC,
        None,
    );
    let socket = socket.map_err(failed)?;
    loop {
        set_socket_timeout(&socket, Timeout::Send, Some(time_left(deadline))).map_err(failed)?;
        match connect(&socket, &address) {
            Ok(()) => return Ok(UnixStream::from(socket)),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(failed(error)),
        }
    }
}

/// Performs the handshake.
fn register(io: &UnixStream, setup: &Setup, deadline: Instant) -> Result<Handshake, Error> {
    let failed = |error: rustix::io::Errno| match error {
        rustix::io::Errno::AGAIN => Error::handshake_timeout(setup.timeout),
        error => broken_stream(error.into()),
    };
    let frame = encode_request(setup.name)?;
    let mut sent = 0;
    while let Some(rest) = frame.get(sent..).filter(|rest| !rest.is_empty()) {
        set_socket_timeout(io, Timeout::Send, Some(time_left(deadline))).map_err(failed)?;
        match send(io, rest, SendFlags::NOSIGNAL) {
            Ok(count) => sent += count,
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(failed(error)),
        }
    }
    let mut bytes = Vec::new();
    read_until(io, &mut bytes, frame::HEADER_SIZE, deadline).map_err(failed)?;
    if bytes.len() < frame::HEADER_SIZE {
        return Err(broken_stream(io::ErrorKind::UnexpectedEof.into()));
    }
    let length = payload_length(&bytes)?;
    let size = frame::HEADER_SIZE + length;
    read_until(io, &mut bytes, size, deadline).map_err(failed)?;
    decode_reply(length, bytes.get(frame::HEADER_SIZE..).unwrap_or_default())
}

/// Reads until there are `size` bytes or the stream ends.
fn read_until(
    io: &UnixStream,
    bytes: &mut Vec<u8>,
    size: usize,
    deadline: Instant,
) -> rustix::io::Result<()> {
    while bytes.len() < size {
        set_socket_timeout(io, Timeout::Recv, Some(time_left(deadline)))?;
        let start = bytes.len();
        bytes.resize(start + (size - start).min(CHUNK), 0);
        let room = bytes.get_mut(start..).unwrap_or_default();
        let count = match recv(io, room, RecvFlags::empty()) {
            Ok((count, _)) => count,
            Err(rustix::io::Errno::INTR) => {
                bytes.truncate(start);
                continue;
            }
            Err(error) => return Err(error),
        };
        bytes.truncate(start + count);
        if count == 0 {
            break;
        }
    }
    Ok(())
}

/// The time until the deadline, never 0, because a socket takes 0 as no timeout.
fn time_left(deadline: Instant) -> Duration {
    let left = deadline.saturating_duration_since(Instant::now());
    left.max(Duration::from_micros(1))
}
