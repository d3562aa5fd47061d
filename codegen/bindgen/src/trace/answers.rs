//! Compares the answers of two VPPs.

use vpp_dynamic::Codec;
use vpp_wire::VppError;

use super::key::MessageName;
use super::kinds;

/// VPP has more items after this slice (`VNET_API_ERROR_EAGAIN`), which refuses nothing.
const AGAIN: i32 = -165;

/// The field `retval` of a reply, if it is not success.
pub fn refusal(codec: &Codec, key: &str, payload: &[u8]) -> Option<i32> {
    let definition = codec.definition(key).ok()?;
    let at = definition.reply?.retval?.offset?;
    let bytes = payload.get(usize::try_from(at).ok()?..)?.first_chunk()?;
    let retval = i32::from_be_bytes(*bytes);
    (retval != 0 && retval != AGAIN).then_some(retval)
}

/// The error number with its symbol.
pub fn error_text(retval: i32) -> String {
    VppError(retval).to_string()
}

/// The text by which an answer is compared: its JSON, or hex if it does not decode. `number`
/// replaces the numbers of objects.
pub fn comparable(
    codec: &Codec,
    key: &str,
    payload: &[u8],
    mut number: impl FnMut(&str, u32) -> Option<u32>,
) -> String {
    let mut payload = payload.to_vec();
    for found in kinds::numbers(codec, key, &payload).unwrap_or_default() {
        if let Some(new) = number(&found.kind, found.value)
            && let Some(place) = payload.get_mut(found.offset..)
            && let Some(place) = place.first_chunk_mut()
        {
            *place = new.to_be_bytes();
        }
    }
    if let Ok(json) = codec.decode(key, &payload) {
        return json;
    }
    // A refusal may lack the fields after `retval`.
    let MessageName { name, .. } = MessageName::of_key(key);
    match refusal(codec, key, &payload) {
        Some(retval) => format!("{name} retval {retval}"),
        None => format!(
            "{name} {} bytes that do not match its definition",
            payload.len()
        ),
    }
}
