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

use crate::Error;
use crate::connection::{Setup, Welcome, broken, payload_length, request, welcome};

/// The most that is read at once.
const CHUNK: usize = 64 << 10;

/// A stream on which VPP has registered the client.
pub(super) fn dial(setup: &Setup) -> Result<(UnixStream, Welcome), Error> {
    let far = Duration::from_secs(365 * 24 * 3600);
    let deadline = Instant::now() + setup.timeout.min(far);
    let io = connect_until(setup, deadline)?;
    let welcome = register(&io, setup, deadline)?;
    Ok((io, welcome))
}

/// VPP listens with a queue of five connections; while that is full, connect(2) waits for as
/// long as the send timeout.
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
        set_socket_timeout(&socket, Timeout::Send, Some(left(deadline))).map_err(failed)?;
        match connect(&socket, &address) {
            Ok(()) => return Ok(UnixStream::from(socket)),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(failed(error)),
        }
    }
}

fn register(io: &UnixStream, setup: &Setup, deadline: Instant) -> Result<Welcome, Error> {
    let failed = |error: rustix::io::Errno| match error {
        rustix::io::Errno::AGAIN => Error::handshake_timeout(setup.timeout),
        error => broken(error.into()),
    };
    let frame = request(setup.name)?;
    let mut sent = 0;
    while let Some(rest) = frame.get(sent..).filter(|rest| !rest.is_empty()) {
        set_socket_timeout(io, Timeout::Send, Some(left(deadline))).map_err(failed)?;
        match send(io, rest, SendFlags::NOSIGNAL) {
            Ok(count) => sent += count,
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(failed(error)),
        }
    }
    let mut bytes = Vec::new();
    read_until(io, &mut bytes, frame::HEADER, deadline).map_err(failed)?;
    if bytes.len() < frame::HEADER {
        return Err(broken(io::ErrorKind::UnexpectedEof.into()));
    }
    let length = payload_length(&bytes)?;
    let size = frame::HEADER + length;
    read_until(io, &mut bytes, size, deadline).map_err(failed)?;
    welcome(length, bytes.get(frame::HEADER..).unwrap_or_default())
}

/// Reads until there are `size` bytes or the stream ends.
fn read_until(
    io: &UnixStream,
    bytes: &mut Vec<u8>,
    size: usize,
    deadline: Instant,
) -> rustix::io::Result<()> {
    while bytes.len() < size {
        set_socket_timeout(io, Timeout::Recv, Some(left(deadline)))?;
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

/// The time until the deadline; a socket takes 0 for no timeout.
fn left(deadline: Instant) -> Duration {
    let left = deadline.saturating_duration_since(Instant::now());
    left.max(Duration::from_micros(1))
}
