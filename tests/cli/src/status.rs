//! How a program ends.

use std::process::ExitCode;

/// The exit status of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// Everything was done, shown and taken back.
    Done = 0,
    /// Something else failed.
    Other = 1,
    /// The options make no sense, or VPP would not survive them; nothing was sent.
    Usage = 2,
    /// There is no VPP at that path.
    NoVpp = 3,
    /// There is, but this user may not connect to it.
    Permission = 4,
    /// VPP refused a request.
    Refused = 5,
    /// VPP lacks a message: a plugin is not loaded.
    MessageMissing = 6,
    /// VPP has a message with another layout.
    OtherCrc = 7,
    /// VPP did not answer in time.
    Timeout = 8,
    /// The connection broke.
    Disconnected = 9,
    /// Something that was created could not be removed; it is named.
    LeftBehind = 10,
    /// Ctrl-C; everything was taken back.
    Interrupted = 130,
    /// SIGTERM; everything was taken back.
    Terminated = 143,
}

/// The table of statuses for `--help`.
pub const HELP: &str = "\
Exit status:
    0  done, shown and taken back
    1  something else failed
    2  the options make no sense, or VPP would not survive them; nothing was sent
    3  no VPP at that path
    4  permission denied
    5  VPP refused a request
    6  VPP lacks a message: a plugin is not loaded
    7  VPP has a message with another CRC
    8  VPP did not answer in time
    9  the connection broke
   10  something that was created could not be removed; it is named
  130  Ctrl-C, 143 SIGTERM: everything was taken back";

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}
