//! The VPP that serves the socket: receives the descriptor of its segment, and notices its end.

use std::fs::{self, File};
use std::io::{self, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::sockopt::{Timeout, set_socket_timeout, socket_peercred};
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SocketAddrUnix,
    SocketFlags, SocketType, connect, recvmsg, socket_with,
};
use rustix::process::{PidfdFlags, pidfd_open};
use rustix::time::{ClockId, clock_gettime};

use crate::error::{Error, Result};

/// How often the process and the file of the socket are looked at.
const CHECK_INTERVAL: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 100_000_000,
};

/// The VPP that sent a segment.
#[derive(Debug)]
pub(crate) struct Server {
    socket: PathBuf,
    /// The file of the socket when it was connected to.
    file: Option<FileId>,
    /// The process that listens. A process in another PID namespace has none that is visible.
    process: Option<OwnedFd>,
    checked: Timespec,
}

/// Device, inode, and time of the last change in seconds and nanoseconds. Inodes are used again.
type FileId = (u64, u64, i64, i64);

impl Server {
    /// Connects to the socket and receives the descriptor of the segment.
    pub(crate) fn connect(path: &Path, timeout: Duration) -> Result<(Self, File)> {
        let failed = |source: io::Error| Error::Connect {
            socket: path.to_owned(),
            source,
        };
        let file = identify(path);
        let socket = socket_with(
            AddressFamily::UNIX,
            SocketType::SEQPACKET,
            SocketFlags::CLOEXEC,
            None,
        )
        .map_err(|errno| failed(errno.into()))?;
        for direction in [Timeout::Recv, Timeout::Send] {
            set_socket_timeout(&socket, direction, Some(timeout))
                .map_err(|errno| failed(errno.into()))?;
        }
        SocketAddrUnix::new(path)
            .and_then(|address| connect(&socket, &address))
            .map_err(|errno| failed(errno.into()))?;
        let segment = receive(&socket, path, timeout)?;
        let process = socket_peercred(&socket)
            .and_then(|peer| pidfd_open(peer.pid, PidfdFlags::empty()))
            .ok();
        let server = Self {
            socket: path.to_owned(),
            file,
            process,
            checked: coarse_now(),
        };
        Ok((server, segment))
    }

    /// Whether the VPP that sent the segment is known to have ended. A segment stays readable
    /// after that, and its values no longer change.
    pub(crate) fn is_gone(&mut self) -> bool {
        let now = coarse_now();
        if now.checked_sub(self.checked) < Some(CHECK_INTERVAL) {
            return false;
        }
        self.checked = now;
        self.is_gone_now()
    }

    /// Looks at once, for a reading that failed.
    pub(crate) fn is_gone_now(&self) -> bool {
        self.has_exited() || self.is_replaced()
    }

    fn has_exited(&self) -> bool {
        let Some(process) = &self.process else {
            return false;
        };
        let mut fds = [PollFd::new(process, PollFlags::IN)];
        let at_once = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        matches!(poll(&mut fds, Some(&at_once)), Ok(1..))
    }

    fn is_replaced(&self) -> bool {
        identify(&self.socket) != self.file
    }
}

/// Receives a message of zero bytes with one descriptor. A message of zero bytes does not end the stream.
fn receive(socket: impl AsFd, path: &Path, timeout: Duration) -> Result<File> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    let received = loop {
        let mut buffers = [IoSliceMut::new(&mut byte)];
        let flags = RecvFlags::CMSG_CLOEXEC;
        match recvmsg(&socket, &mut buffers, &mut control, flags) {
            Err(rustix::io::Errno::INTR) => {}
            received => break received,
        }
    };
    match received {
        Ok(_) => {}
        Err(rustix::io::Errno::AGAIN) => {
            return Err(Error::NoReply {
                socket: path.to_owned(),
                timeout,
            });
        }
        Err(errno) => {
            return Err(Error::Connect {
                socket: path.to_owned(),
                source: errno.into(),
            });
        }
    }
    control
        .drain()
        .find_map(|message| match message {
            RecvAncillaryMessage::ScmRights(mut descriptors) => descriptors.next(),
            _ => None,
        })
        .map(File::from)
        .ok_or_else(|| Error::NoDescriptor {
            socket: path.to_owned(),
        })
}

/// The time of the kernel's last tick. It is good to a few milliseconds, and costs a fifth of the
/// exact time, which would be a part of each reading.
fn coarse_now() -> Timespec {
    clock_gettime(ClockId::MonotonicCoarse)
}

fn identify(path: &Path) -> Option<FileId> {
    let metadata = fs::metadata(path).ok()?;
    Some((
        metadata.dev(),
        metadata.ino(),
        metadata.ctime(),
        metadata.ctime_nsec(),
    ))
}
