use std::path::Path;

use nix::sys::socket::getsockopt;
use nix::sys::socket::sockopt::PeerCredentials;
use rustix::fs::{Stat, stat};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};
use serde::{Deserialize, Serialize};

use crate::files::{self, Error, Identity};

/// Which VPP process listens on an API socket.
///
/// In a container the process ID of VPP is the same after each restart, so that it is not enough
/// (cni-design.md, fact 11). See [`VppIdentity::is_same`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VppIdentity {
    /// The process; unset if VPP was busy or is in a PID namespace that this process cannot see.
    pub process: Option<ProcessId>,
    /// The socket's file.
    pub socket: SocketFile,
}

/// A process, also after its ID was used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProcessId {
    /// The process ID.
    pub pid: u32,
    /// When it started, in clock ticks since the boot (`/proc/<pid>/stat`, field 22).
    pub start: u64,
}

/// A socket file, also after its inode was used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SocketFile {
    /// The number of the file system.
    pub device: u64,
    /// The number of the file on it.
    pub inode: u64,
    /// When the inode was last changed, in seconds since 1970.
    pub ctime: i64,
    /// The nanoseconds of that time.
    pub ctime_nsec: u64,
}

impl VppIdentity {
    /// Whether both are of one process of VPP: by process if both have it, else by socket file.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (self.process, other.process) {
            (Some(one), Some(other)) => one == other,
            _ => self.socket == other.socket,
        }
    }
}

/// Which VPP process listens on this API socket now.
///
/// Connects to the socket and closes the connection: VPP does not notice more than that.
///
/// # Errors
/// When the socket is missing, nothing listens on it, or the system refuses.
pub fn vpp_identity(socket: impl AsRef<Path>) -> files::Result<VppIdentity> {
    let path = socket.as_ref();
    let failed = |errno| Error::system("identify VPP at", path)(errno);
    let file = socket_file(&stat(path).map_err(failed)?);
    let process = match peer(path) {
        Ok(pid) => pid.and_then(process),
        // VPP accepts five connections at a time, and is busy.
        Err(Errno::AGAIN) => None,
        Err(errno) => return Err(failed(errno)),
    };
    Ok(VppIdentity {
        process,
        socket: file,
    })
}

fn socket_file(stat: &Stat) -> SocketFile {
    let Identity { device, inode } = Identity::of(stat);
    #[allow(
        clippy::unnecessary_cast,
        clippy::cast_sign_loss,
        reason = "the types differ between architectures; nanoseconds are not negative"
    )]
    let (ctime, ctime_nsec) = (stat.st_ctime as i64, stat.st_ctime_nsec as u64);
    SocketFile {
        device,
        inode,
        ctime,
        ctime_nsec,
    }
}

/// The process that has called listen(2); `None` if it is in another PID namespace.
fn peer(path: &Path) -> Result<Option<u32>, Errno> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let connect_as = |kind| {
        let fd = socket_with(AddressFamily::UNIX, kind, flags, None)?;
        connect(&fd, &SocketAddrUnix::new(path)?).map(|()| fd)
    };
    let fd = match connect_as(SocketType::STREAM) {
        Err(Errno::PROTOTYPE) => connect_as(SocketType::SEQPACKET)?,
        connected => connected?,
    };
    // The same function of rustix has undefined behaviour for a process of another PID
    // namespace: the kernel reports it as 0, which rustix's type cannot hold.
    let found = getsockopt(&fd, PeerCredentials).ok();
    let pid = found.and_then(|it| u32::try_from(it.pid()).ok());
    Ok(pid.filter(|it| *it != 0))
}

fn process(pid: u32) -> Option<ProcessId> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let start = start_time(&stat)?;
    Some(ProcessId { pid, start })
}

/// Field 22 of `/proc/<pid>/stat`. Field 2 is the program's name in parentheses and may contain
/// spaces and parentheses.
fn start_time(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(22 - 3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn a_socket_is_that_of_its_process() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("api.sock");
        let listener = UnixListener::bind(&path).unwrap();
        let first = vpp_identity(&path).unwrap();
        let process = first.process.expect("the process is visible");
        assert_eq!(process.pid, std::process::id());
        assert!(first.is_same(&vpp_identity(&path).unwrap()));
        drop(listener);
        assert!(vpp_identity(&path).is_err());
        std::fs::remove_file(&path).unwrap();
        let error = vpp_identity(&path).unwrap_err();
        assert!(error.is_missing(), "{error}");
    }

    #[test]
    fn a_process_that_has_the_id_of_another_one_is_not_the_same() {
        let socket = SocketFile {
            device: 1,
            inode: 2,
            ctime: 3,
            ctime_nsec: 4,
        };
        let identity = |start: Option<u64>, socket| VppIdentity {
            process: start.map(|start| ProcessId { pid: 1, start }),
            socket,
        };
        let one = identity(Some(100), socket);
        assert!(!one.is_same(&identity(Some(200), socket)));
        assert!(one.is_same(&identity(None, socket)));
        let ctime_nsec = 5;
        let newer = SocketFile {
            ctime_nsec,
            ..socket
        };
        assert!(!one.is_same(&identity(None, newer)));
        // chmod of the socket does not make another VPP of it.
        assert!(one.is_same(&identity(Some(100), newer)));
    }

    #[test]
    fn names_of_programs_do_not_hide_the_start_time() {
        let rest = "S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20";
        assert_eq!(start_time(&format!("7 (a) b (c) {rest}")), Some(4711));
        assert_eq!(start_time(""), None);
        assert_eq!(start_time("7 (a) S 1"), None);
    }
}
