use std::path::Path;

use vpp_bindings::client::ErrorKind;

use crate::api;
use crate::cni::Error;
use crate::cni_vpp::NotAdded;
use crate::engine::{self, chain};

/// An engine error as CNI reports it.
pub(super) fn of_engine(error: &engine::Error, vpp: &Path) -> Error {
    match error {
        engine::Error::Vpp(error) => of_vpp(error, vpp),
        engine::Error::File(error) => Error::io(error.to_string()),
        engine::Error::Deadline { .. } => timed_out(chain(error), vpp),
        error => Error::vpp(chain(error)),
    }
}

/// A failed request to VPP as CNI reports it. VPP that cannot be reached, or does not answer in
/// time, is worth another attempt.
pub(super) fn of_vpp(error: &api::Error, vpp: &Path) -> Error {
    let text = chain(error);
    let Some(request) = error.request() else {
        return Error::config(text);
    };
    match request.kind() {
        ErrorKind::Connect => {
            let details = format!(
                "is VPP running, and is {} its API socket? vppSocket in the configuration sets it",
                vpp.display()
            );
            Error::try_again(text).with_details(details)
        }
        ErrorKind::Timeout | ErrorKind::Disconnected => timed_out(text, vpp),
        ErrorKind::MessageUnknown | ErrorKind::CrcMismatch => Error::vpp(text)
            .with_details("`userspace doctor` lists what this release of VPP lacks".to_owned()),
        _ => {
            let refused = Error::vpp(text);
            match hint(error) {
                Some(hint) => refused.with_details(hint),
                None => refused,
            }
        }
    }
}

fn timed_out(text: String, vpp: &Path) -> Error {
    Error::try_again(text).with_details(format!("VPP at {} did not answer in time", vpp.display()))
}

/// A failed ADD: the reason, and what could not be undone on VPP.
pub(super) fn of_add(failed: &NotAdded, vpp: &Path) -> Error {
    let error = of_engine(&failed.error, vpp);
    if failed.left.is_empty() {
        return error;
    }
    error.and(format!("left behind on VPP: {}", failed.left.join("; ")))
}

/// What VPP's number means here.
fn hint(error: &api::Error) -> Option<&'static str> {
    use vpp_bindings::wire::VppError;
    let (api::Error::Request { operation, .. } | api::Error::Exists { operation, .. }) = error
    else {
        return None;
    };
    Some(match (*operation, error.vpp_error()?) {
        ("create the memif", VppError::SYSCALL_ERROR_4) => {
            "VPP cannot listen on the socket: its folder must exist and be writable for VPP, and \
             no other process may listen there; if VPP runs in a container, set paths"
        }
        ("create the memif", VppError::SUBIF_ALREADY_EXISTS) => {
            "another attachment has this socketfile and id, or uses the socket in the other role"
        }
        ("create the vhost-user interface", VppError::IF_ALREADY_EXISTS) => {
            "another interface has this socketfile"
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
