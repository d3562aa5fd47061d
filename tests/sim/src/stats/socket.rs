//! The socket that hands out the segment.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::io::Errno;
use rustix::net::{
    AddressFamily, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketAddrUnix,
    SocketFlags, SocketType, accept_with, bind, connect, listen, sendmsg, socket_with,
};

/// The length of the listen queue, as in VPP's `clib_socket_init`.
const BACKLOG: i32 = 5;

/// The listener and the memfd that its clients get.
#[derive(Debug, Clone)]
pub(super) struct Serving {
    listener: Arc<OwnedFd>,
    memfd: Arc<OwnedFd>,
}

/// A socket file, until it is closed.
#[derive(Debug)]
pub(super) struct Socket {
    path: PathBuf,
    serving: Mutex<Option<Serving>>,
}

impl Socket {
    /// Listens on a path. Replaces a stale socket file.
    ///
    /// # Errors
    /// If another process listens on it, or it cannot be bound. The error names the path.
    pub(super) fn bind(path: PathBuf, memfd: Arc<OwnedFd>) -> io::Result<Self> {
        let free = remove_stale(&path);
        let listener = free
            .and_then(|()| listen_on(&path))
            .map_err(|error| name_path(&path, &error))?;
        let serving = Serving { listener, memfd };
        Ok(Self {
            path,
            serving: Mutex::new(Some(serving)),
        })
    }

    /// The path of the socket file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The current listener. `None` if the socket is closed.
    pub(super) fn serving(&self) -> Option<Serving> {
        self.lock().clone()
    }

    /// Replaces the socket file and hands out another memfd from now on. Does nothing if the
    /// socket is closed.
    ///
    /// # Errors
    /// If the path cannot be bound again. The error names it.
    pub(super) fn replace(&self, memfd: Arc<OwnedFd>) -> io::Result<()> {
        let mut serving = self.lock();
        let Some(current) = &mut *serving else {
            return Ok(());
        };
        // It may be gone already.
        let _ = std::fs::remove_file(&self.path);
        let listener = listen_on(&self.path).map_err(|error| name_path(&self.path, &error))?;
        *current = Serving { listener, memfd };
        Ok(())
    }

    /// Stops listening and removes the socket file.
    pub(super) fn close(&self) {
        if self.lock().take().is_some() {
            let _ = std::fs::remove_file(&self.path);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Serving>> {
        self.serving.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.close();
    }
}

impl Serving {
    /// The listener, to wait for clients.
    pub(super) fn listener(&self) -> BorrowedFd<'_> {
        self.listener.as_fd()
    }

    /// Accepts one client, if one is waiting, and sends it the descriptor as VPP does: with one
    /// message of zero bytes. Then it closes the connection.
    ///
    /// # Errors
    /// If no connection can be accepted. A client that is gone is not an error.
    pub(super) fn accept(&self) -> Result<(), Errno> {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let client = match accept_with(&self.listener, flags) {
            Ok(client) => client,
            Err(Errno::AGAIN | Errno::INTR | Errno::CONNABORTED) => return Ok(()),
            Err(error) => return Err(error),
        };
        let descriptors = [self.memfd.as_fd()];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        // The space is that of one descriptor, so that this fits.
        control.push(SendAncillaryMessage::ScmRights(&descriptors));
        // The queue of a new connection is empty, so that this does not block.
        let flags = SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
        if let Err(error) = sendmsg(&client, &[], &mut control, flags) {
            tracing::debug!(%error, "a client left before it got the stats segment");
        }
        Ok(())
    }
}

/// Removes the socket file if nobody listens on it.
fn remove_stale(path: &Path) -> io::Result<()> {
    match connect(&new_socket()?, &SocketAddrUnix::new(path)?) {
        // Without an error or with a full queue, a process listens.
        Ok(()) | Err(Errno::AGAIN) => Err(io::Error::new(
            io::ErrorKind::AddrInUse,
            "another process listens on it",
        )),
        Err(Errno::CONNREFUSED) => std::fs::remove_file(path),
        Err(_) => Ok(()),
    }
}

fn listen_on(path: &Path) -> io::Result<Arc<OwnedFd>> {
    let listener = new_socket()?;
    bind(&listener, &SocketAddrUnix::new(path)?)?;
    listen(&listener, BACKLOG)?;
    Ok(Arc::new(listener))
}

fn new_socket() -> io::Result<OwnedFd> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let made = socket_with(AddressFamily::UNIX, SocketType::SEQPACKET, flags, None);
    Ok(made?)
}

fn name_path(path: &Path, error: &io::Error) -> io::Error {
    let text = format!("cannot listen on {}: {error}", path.display());
    io::Error::new(error.kind(), text)
}
