//! Checks VPP's error number in a reply, read from the message and from the payload.

use vpp_wire::{Header, Reply, decode_payload, encode_payload};

const REFUSED: i32 = -77;

/// A reply in `inputs/good` whose `retval` follows a variable string. No release has such a
/// reply.
const WITHOUT_OFFSET: &str = "shifted_reply";

/// Checks that [`Reply::retval_of`] and [`Reply::retval`] return the same, also for a payload
/// that ends after `retval`.
///
/// # Errors
/// The difference.
pub fn check<R: Reply + Default>() -> Result<(), String> {
    let error = |what: String| format!("{}: {what}", R::KEY);
    let mut payload = Vec::new();
    encode_payload(&R::default(), 7, Header::default(), &mut payload)
        .map_err(|source| error(source.to_string()))?;
    let Some(at) = R::RETVAL else {
        let has_retval = format!("{:?}", R::default()).contains("retval:");
        return if has_retval && R::NAME != WITHOUT_OFFSET {
            Err(error("no offset of retval".to_owned()))
        } else {
            Ok(())
        };
    };
    let end = at + 4;
    payload
        .get_mut(at..end)
        .ok_or_else(|| error(format!("retval at {at} is beyond the payload")))?
        .copy_from_slice(&REFUSED.to_be_bytes());
    let (_, reply) = decode_payload::<R>(&payload).map_err(|source| error(source.to_string()))?;
    let found = [
        Some(reply.retval()),
        R::retval_of(&payload),
        R::retval_of(&payload[..end]),
        R::retval_of(&payload[..end - 1]),
    ];
    if found != [Some(REFUSED), Some(REFUSED), Some(REFUSED), None] {
        return Err(error(format!(
            "retval {REFUSED} at {at} is read as {found:?}"
        )));
    }
    Ok(())
}
