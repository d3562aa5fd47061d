//! Decodes the replies of VPP.

use vpp_wire::{Reply, decode_payload, frame};

use crate::error::Error;

/// Decodes the reply in a frame.
///
/// A nonzero retval is returned as an error even if VPP left the rest of the reply unset.
#[inline]
pub(crate) fn read_reply<R: Reply>(message: &'static str, frame: &[u8]) -> Result<R, Error> {
    let payload = frame.get(frame::HEADER_SIZE..).unwrap_or_default();
    match decode_payload::<R>(payload) {
        Ok((_, reply)) if reply.retval() == 0 => Ok(reply),
        Ok((_, reply)) => Err(Error::api(message, reply)),
        Err(error) => Err(undecodable_reply::<R>(message, payload, error)),
    }
}

#[cold]
pub(crate) fn undecodable_reply<R: Reply>(
    message: &'static str,
    payload: &[u8],
    error: vpp_wire::DecodeError,
) -> Error {
    match R::retval_of(payload) {
        Some(retval) if retval != 0 => Error::api_without_reply(message, retval),
        _ => error.into(),
    }
}
