//! Converts errors of the layers below to CNI errors, and merges them.

use std::path::Path;

use vpp_bindings::client::ErrorKind;

use crate::api;
use crate::cni::{Error, Result};
use crate::cni_vpp::NotAdded;
use crate::engine::{self, chain};
use crate::{files, localdb};

/// Converts an error of a file operation.
pub(super) fn of_file(error: files::Error) -> Error {
    Error::io(error.to_string())
}

/// Converts an error of the record store.
pub(super) fn of_store(error: localdb::Error) -> Error {
    Error::io(error.to_string())
}

/// Converts an error of the engine.
pub(super) fn of_engine(error: &engine::Error, vpp: &Path) -> Error {
    match error {
        engine::Error::Vpp(error) => of_vpp(error, vpp),
        engine::Error::File(error) => Error::io(error.to_string()),
        engine::Error::Deadline { .. } => timed_out(chain(error), vpp),
        error => Error::vpp(chain(error)),
    }
}

/// Converts a failed request to VPP. If VPP cannot be reached or does not answer in time, the
/// error has the code for "try again".
pub(super) fn of_vpp(error: &api::Error, vpp: &Path) -> Error {
    let text = chain(error);
    let Some(request) = error.request() else {
        return Error::config(text);
    };
    match request.kind() {
        ErrorKind::Connect => {
            let details = format!(
                "check that VPP is running and that {} is its API socket (key vppSocket)",
                vpp.display()
            );
            Error::try_again(text).with_details(details)
        }
        ErrorKind::Timeout | ErrorKind::Disconnected => timed_out(text, vpp),
        ErrorKind::MessageUnknown | ErrorKind::CrcMismatch => Error::vpp(text)
            .with_details("`userspace doctor` lists what this release of VPP lacks".to_owned()),
        _ => match hint(error) {
            Some(hint) => Error::vpp(text).with_details(hint),
            None => Error::vpp(text),
        },
    }
}

fn timed_out(text: String, vpp: &Path) -> Error {
    Error::try_again(text).with_details(format!("VPP at {} did not answer in time", vpp.display()))
}

/// Converts a failed ADD. Adds what could not be undone on VPP.
pub(super) fn of_add(failed: &NotAdded, vpp: &Path) -> Error {
    let error = of_engine(&failed.error, vpp);
    if failed.left.is_empty() {
        return error;
    }
    error.and(format!("not undone on VPP: {}", failed.left.join("; ")))
}

/// Describes the messages that VPP lacks.
pub(super) fn missing_messages(missing: &[String]) -> String {
    let missing = missing.join(", ");
    format!("this VPP does not support the configuration: {missing}")
}

/// Explains VPP's error code for an operation.
fn hint(error: &api::Error) -> Option<&'static str> {
    use vpp_bindings::wire::VppError;
    let (api::Error::Request { operation, .. } | api::Error::Exists { operation, .. }) = error
    else {
        return None;
    };
    Some(match (*operation, error.vpp_error()?) {
        ("create the memif", VppError::SYSCALL_ERROR_4) => {
            "VPP cannot listen on the socket: its folder must exist and be writable for VPP, and \
             no other process may listen on it; if VPP runs in a container, set paths"
        }
        ("create the memif", VppError::SUBIF_ALREADY_EXISTS) => {
            "another attachment uses this socketfile and id, or uses the socket in the other role"
        }
        ("create the vhost-user interface", VppError::IF_ALREADY_EXISTS) => {
            "another interface uses this socketfile"
        }
        ("create the vhost-user interface", _) => {
            "VPP cannot listen on the socket: its folder must exist and be writable for VPP; if \
             VPP runs in a container, set paths"
        }
        ("add the address", VppError::ADDRESS_IN_USE | VppError::DUPLICATE_IF_ADDRESS) => {
            "another interface of this table has the gateway's subnet"
        }
        _ => return None,
    })
}

/// Merges errors into one: the first, with the others in its details.
pub(super) fn merge(errors: Vec<Error>) -> Result<()> {
    let mut errors = errors.into_iter();
    let Some(first) = errors.next() else {
        return Ok(());
    };
    Err(errors.fold(first, |all, error| all.and(error)))
}
