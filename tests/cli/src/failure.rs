//! What went wrong, in words and as a status.

use std::error::Error as StdError;
use std::io;

use cnivpp::api;
use cnivpp::engine::{self, chain};
use thiserror::Error as ThisError;
use vpp_bindings::client::{self, ErrorKind};
use vpp_bindings::wire::VppError;

use crate::status::Status;

/// What ended a job before its end.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
#[error("{text}")]
pub struct Failure {
    /// The status that the program ends with.
    pub status: Status,
    /// What happened, and what can be done about it.
    pub text: String,
}

impl Failure {
    /// A failure of that status.
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

/// What VPP's number means for the requests of these programs.
fn hint(error: &api::Error) -> Option<&'static str> {
    let api::Error::Request { operation, .. } = error else {
        return None;
    };
    Some(match (*operation, error.vpp_error()?) {
        ("create the memif", VppError::SYSCALL_ERROR_4) => {
            "VPP cannot listen on the socket file: its folder must exist and be writable for \
             VPP, nothing else may be there, and its name may have letters, digits and /-._ only"
        }
        ("create the memif", VppError::SUBIF_ALREADY_EXISTS) => {
            "a memif has this --id on the socket already, or the socket is used in the other --role"
        }
        (
            "create the vhost-user interface",
            VppError::SYSCALL_ERROR_1 | VppError::SYSCALL_ERROR_2 | VppError::SYSCALL_ERROR_3,
        ) => "VPP cannot listen on the socket file: its folder must exist and be writable for VPP",
        ("add the address", VppError::ADDRESS_IN_USE | VppError::DUPLICATE_IF_ADDRESS) => {
            "an interface has this address, or one that overlaps, already"
        }
        ("add the memif socket", VppError::ENTRY_ALREADY_EXISTS) => {
            "this --socket-id stands for another file"
        }
        ("delete the bridge domain", VppError::BD_IN_USE) => "others have put interfaces into it",
        _ => return None,
    })
}
