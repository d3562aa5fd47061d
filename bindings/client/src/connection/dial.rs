//! Connects to VPP's socket and registers the client, with one deadline for both.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use tokio::net::UnixStream;
use tokio::time::Instant;
use vpp_wire::FixedString;

use super::handshake::{Handshake, Io, perform};
use crate::error::Error;

/// The first and the longest pause between two attempts while the listen queue is full.
const PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// A stream on which VPP has registered the client.
pub(super) struct RegisteredStream {
    pub(super) io: Box<dyn Io>,
    pub(super) handshake: Handshake,
}

/// Connects to the socket and registers the client.
pub(super) async fn dial(
    path: PathBuf,
    name: FixedString<64>,
    timeout: Duration,
) -> Result<RegisteredStream, Error> {
    let deadline = crate::shared::deadline(Instant::now(), timeout);
    let io = connect(path, timeout, deadline).await?;
    register(Box::new(io), name, timeout, deadline).await
}

/// Registers the client on an open stream.
pub(super) async fn register(
    mut io: Box<dyn Io>,
    name: FixedString<64>,
    timeout: Duration,
    deadline: Instant,
) -> Result<RegisteredStream, Error> {
    match tokio::time::timeout_at(deadline, perform(&mut *io, name)).await {
        Ok(handshake) => Ok(RegisteredStream {
            io,
            handshake: handshake?,
        }),
        Err(_) => Err(Error::handshake_timeout(timeout)),
    }
}

/// Connects to the socket, and retries while VPP's listen queue is full.
///
/// The queue holds five connections. While it is full, connect(2) on a non-blocking socket
/// fails with `EAGAIN` at once.
async fn connect(path: PathBuf, timeout: Duration, deadline: Instant) -> Result<UnixStream, Error> {
    let mut pause = PAUSE;
    loop {
        match UnixStream::connect(&path).await {
            Ok(io) => return Ok(io),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let next = Instant::now() + pause;
                if next >= deadline {
                    return Err(Error::backlog(path, timeout));
                }
                tokio::time::sleep_until(next).await;
                pause = (2 * pause).min(LONGEST_PAUSE);
            }
            Err(error) => return Err(Error::connect(path, error)),
        }
    }
}
