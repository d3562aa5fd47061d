use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// The identity of a VPP's API socket file, which VPP creates anew when it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SocketFile {
    device: u64,
    inode: u64,
    /// The time of creation, in seconds and nanoseconds.
    changed: (i64, i64),
}

/// One run of a VPP. A process ID alone does not identify it: in a container it is the same after each
/// start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Boot {
    pub(super) file: SocketFile,
    /// VPP's process ID in its PID namespace.
    pub(super) process_id: u32,
}

impl SocketFile {
    /// Returns the file at a path; `None` if it does not exist.
    ///
    /// Call it before connecting. If VPP restarts in between, the run of the connection counts as a
    /// new one later, and is not missed.
    pub(super) fn of(socket: &Path) -> Option<Self> {
        let found = std::fs::metadata(socket).ok()?;
        Some(Self {
            device: found.dev(),
            inode: found.ino(),
            changed: (found.ctime(), found.ctime_nsec()),
        })
    }
}
