//! Failures, and the exit status for each.

use std::error::Error as StdError;
use std::io;
use std::process::ExitCode;

use cnivpp::api;
use cnivpp::engine::{self, chain};
use thiserror::Error as ThisError;
use vpp_bindings::client::{self, ErrorKind};
use vpp_bindings::wire::VppError;

/// The exit status of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// Everything was created, shown and removed.
    Done = 0,
    /// Other failure.
    Other = 1,
    /// The options are invalid or would crash VPP. Nothing was sent.
    Usage = 2,
    /// No VPP listens at that path.
    NoVpp = 3,
    /// This user may not connect to VPP.
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
    /// Something that was created could not be removed. The output names it.
    LeftBehind = 10,
    /// Received SIGINT (Ctrl-C). Everything was removed.
    Interrupted = 130,
    /// Received SIGTERM. Everything was removed.
    Terminated = 143,
}

/// The exit statuses for `--help`.
pub const HELP: &str = "\
Exit status:
    0  everything was created, shown and removed
    1  other failure
    2  the options are invalid or would crash VPP; nothing was sent
    3  no VPP listens at that path
    4  permission denied
    5  VPP refused a request
    6  VPP lacks a message: a plugin is not loaded
    7  VPP has a message with another CRC
    8  VPP did not answer in time
    9  the connection broke
   10  something that was created could not be removed; the output names it
  130  received SIGINT (Ctrl-C), 143 received SIGTERM; everything was removed";

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// The error that ended a job.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
#[error("{text}")]
pub struct Failure {
    /// The exit status of the program.
    pub status: Status,
    /// What failed, and what to do about it.
    pub text: String,
}

impl Failure {
    /// A failure with this status.
    pub fn new(status: Status, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { status, text }
    }
}

impl From<api::Error> for Failure {
    fn from(error: api::Error) -> Self {
        let connecting = error.request().filter(|it| it.kind() == ErrorKind::Connect);
        let mut text = connecting.map_or_else(|| chain(&error), |it| it.to_string());
        if let Some(hint) = hint(&error) {
            text.push_str("\nhint: ");
            text.push_str(hint);
        }
        Self::new(status(&error), text)
    }
}

impl From<engine::Error> for Failure {
    fn from(error: engine::Error) -> Self {
        match error {
            engine::Error::Vpp(error) => error.into(),
            error => Self::new(Status::Other, chain(&error)),
        }
    }
}

fn status(error: &api::Error) -> Status {
    let Some(request) = error.request() else {
        return Status::Usage;
    };
    match request.kind() {
        ErrorKind::Api => Status::Refused,
        ErrorKind::Connect if is_permission(request) => Status::Permission,
        ErrorKind::Connect => Status::NoVpp,
        ErrorKind::MessageUnknown => Status::MessageMissing,
        ErrorKind::CrcMismatch => Status::OtherCrc,
        ErrorKind::Timeout => Status::Timeout,
        ErrorKind::Disconnected => Status::Disconnected,
        ErrorKind::Config | ErrorKind::Encode | ErrorKind::Forbidden => Status::Usage,
        _ => Status::Other,
    }
}

fn is_permission(error: &client::Error) -> bool {
    let io = error.source().and_then(|it| it.downcast_ref::<io::Error>());
    io.is_some_and(|it| it.kind() == io::ErrorKind::PermissionDenied)
}

/// A hint for VPP's error, if the requests of these programs give it a special meaning.
fn hint(error: &api::Error) -> Option<&'static str> {
    let api::Error::Request { operation, .. } = error else {
        return None;
    };
    Some(match (*operation, error.vpp_error()?) {
        ("create the memif", VppError::SYSCALL_ERROR_4) => {
            "VPP cannot listen on the socket file: its folder must exist and be writable for \
             VPP, no other file may have its name, and the name may contain letters, digits and \
             /-._ only"
        }
        ("create the memif", VppError::SUBIF_ALREADY_EXISTS) => {
            "a memif on this socket already has this --id, or the socket is used in the other --role"
        }
        (
            "create the vhost-user interface",
            VppError::SYSCALL_ERROR_1 | VppError::SYSCALL_ERROR_2 | VppError::SYSCALL_ERROR_3,
        ) => "VPP cannot listen on the socket file: its folder must exist and be writable for VPP",
        ("add the address", VppError::ADDRESS_IN_USE | VppError::DUPLICATE_IF_ADDRESS) => {
            "an interface already has this address, or one that overlaps"
        }
        ("add the memif socket", VppError::ENTRY_ALREADY_EXISTS) => {
            "another file has this --socket-id"
        }
        ("delete the bridge domain", VppError::BD_IN_USE) => "it has interfaces of other owners",
        _ => return None,
    })
}
