//! Connects through the crate `vpp-api-transport`.
//!
//! This is for programs that already use that crate. Compared with this crate's own transport
//! it is slower and has these limitations:
//!
//! - It reads and writes with one handle and does not expose a file descriptor, so a thread
//!   has to poll every 200 µs.
//! - Only one transport can exist per process at a time.
//! - It performs its own handshake. The client performs a second one, and VPP answers with the
//!   same client index.
//! - If VPP closes the socket during the first handshake, a thread spins forever.
//!
//! The shared-memory transport of that crate is not supported: it cannot list VPP's messages,
//! and its read function spins while it waits.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use vpp_api_transport::VppApiTransport;
use vpp_api_transport::afunix::Transport;
use vpp_wire::{FixedString, frame};

use crate::builder::Builder;
use crate::client::Client;
use crate::connection::Connection;
use crate::error::Error;

/// How long the thread waits for requests before it checks for answers.
const TURN: Duration = Duration::from_micros(200);
const CHUNK: usize = 64 << 10;

/// Whether a transport exists. The crate panics if a second one is created.
static IN_USE: AtomicBool = AtomicBool::new(false);

impl Builder {
    /// Connects through the crate `vpp-api-transport`, which runs in its own thread.
    ///
    /// Only one such connection can exist per process. A reconnect policy uses this crate's own
    /// transport.
    ///
    /// # Errors
    /// Those of [`connect`](Self::connect) without a policy. It is also an error if such a
    /// connection exists already.
    pub async fn connect_with_vpp_api_transport(self) -> Result<(Client, Connection), Error> {
        let (path, name, timeout) = self.target();
        let name = name.unwrap_or("vpp-client").to_owned();
        // The crate panics on a longer name.
        FixedString::<64>::new(&name).map_err(Error::name)?;
        let address = path.to_str().map(str::to_owned);
        let address = address.ok_or_else(|| Error::path(path.clone()))?;
        let failed = |error| Error::io("the bridge to vpp-api-transport failed", error);
        let (near, far) = UnixStream::pair().map_err(failed)?;
        near.set_nonblocking(true).map_err(failed)?;
        far.set_read_timeout(Some(TURN)).map_err(failed)?;
        if IN_USE.swap(true, Ordering::AcqRel) {
            return Err(Error::handshake(
                "vpp-api-transport allows only one connection per process",
            ));
        }
        let in_use = InUse;
        let (sender, receiver) = oneshot::channel();
        let run = move || {
            let _in_use = in_use;
            let mut transport = Transport::new(&address);
            let connected = transport.connect(&name, None, 32);
            let go_on = connected.is_ok();
            if sender.send(connected).is_ok() && go_on {
                // The client detects the end, because its end of the pair is closed.
                let _ = bridge(&mut transport, &far);
            }
            let _ = far.shutdown(Shutdown::Both);
        };
        let thread = thread::Builder::new().name("vpp-api-transport".to_owned());
        thread.spawn(run).map_err(failed)?;
        match tokio::time::timeout(timeout, receiver).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => return Err(Error::connect(path, error)),
            Ok(Err(_)) => return Err(Error::handshake("vpp-api-transport panicked")),
            Err(_) => return Err(Error::handshake_timeout(timeout)),
        }
        let near = tokio::net::UnixStream::from_std(near).map_err(failed)?;
        self.handshake(near).await
    }
}

/// Resets [`IN_USE`] when the transport ends, even if the crate panics.
struct InUse;

impl Drop for InUse {
    fn drop(&mut self) {
        IN_USE.store(false, Ordering::Release);
    }
}

/// Forwards frames in both directions until either end closes.
fn bridge(transport: &mut Transport, mut client: &UnixStream) -> io::Result<()> {
    let mut input = vec![0; CHUNK];
    let mut requests = Vec::new();
    loop {
        transport.set_nonblocking(true)?;
        loop {
            match transport.read(&mut input) {
                Ok(0) => return Ok(()),
                Ok(count) => client.write_all(input.get(..count).unwrap_or_default())?,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        match client.read(&mut input) {
            Ok(0) => return Ok(()),
            Ok(count) => requests.extend_from_slice(input.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
            Err(error) => return Err(error),
        }
        // The crate ignores how much was written, so only a blocking write is complete.
        transport.set_nonblocking(false)?;
        let mut at = 0;
        while let Some(frame) = frame::split(requests.get(at..).unwrap_or_default(), usize::MAX)
            .map_err(io::Error::other)?
        {
            transport.write_all(frame.payload)?;
            at += frame.size;
        }
        requests.drain(..at);
    }
}
