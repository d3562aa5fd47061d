//! Another way to VPP's socket: the crate `vpp-api-transport`.
//!
//! For programs that have standardised on that crate. It is slower than this crate's own
//! transport and can do less, which is why it is not the default:
//!
//! - It reads and writes with one handle and exposes no file descriptor, so that a thread has
//!   to poll every 200 µs.
//! - There can be one transport per process at a time.
//! - It makes a handshake of its own; the client's is a second one, which VPP answers with
//!   the same client index.
//! - If VPP closes the socket in the middle of that first handshake, a thread spins for ever.
//!
//! Its shared-memory transport is not offered: it cannot list VPP's messages, and its read
//! spins while it waits.

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

use crate::{Builder, Client, Connection, Error};

/// How long the thread waits for requests before it looks for answers.
const TURN: Duration = Duration::from_micros(200);
const CHUNK: usize = 64 << 10;

/// The crate panics where a second transport is made; this is asked first.
static IN_USE: AtomicBool = AtomicBool::new(false);

impl Builder {
    /// Connects through the crate `vpp-api-transport`, which a thread of its own drives.
    ///
    /// One such connection can exist per process. A reconnect policy leads to this
    /// crate's own transport.
    ///
    /// # Errors
    /// As [`connect`](Self::connect) without a policy, and when there is such a
    /// connection already.
    pub async fn connect_with_vpp_api_transport(self) -> Result<(Client, Connection), Error> {
        let (path, name, timeout) = self.target();
        let name = name.unwrap_or("vpp-client").to_owned();
        // The crate panics on a longer one.
        FixedString::<64>::new(&name).map_err(Error::name)?;
        let address = path.to_str().map(str::to_owned);
        let address = address.ok_or_else(|| Error::path(path.clone()))?;
        let failed = |error| Error::io("the bridge to vpp-api-transport", error);
        let (near, far) = UnixStream::pair().map_err(failed)?;
        near.set_nonblocking(true).map_err(failed)?;
        far.set_read_timeout(Some(TURN)).map_err(failed)?;
        if IN_USE.swap(true, Ordering::AcqRel) {
            return Err(Error::handshake("vpp-api-transport allows one per process"));
        }
        let in_use = InUse;
        let (sender, receiver) = oneshot::channel();
        let run = move || {
            let _in_use = in_use;
            let mut transport = Transport::new(&address);
            let connected = transport.connect(&name, None, 32);
            let go_on = connected.is_ok();
            if sender.send(connected).is_ok() && go_on {
                // However it ends, the client finds its end of the pair closed.
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

/// Frees the place of the one transport, also when the crate panics.
struct InUse;

impl Drop for InUse {
    fn drop(&mut self) {
        IN_USE.store(false, Ordering::Release);
    }
}

/// Carries frames both ways until either end closes.
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
        // The crate does not look at how much was written: only a blocking write is whole.
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
