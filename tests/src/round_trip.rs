//! Round trips of random payloads.

use vpp_wire::Header;
use vpp_wire::registry::{AnyMessage, Entry};

/// Decodes `payload` if it is valid, and checks that encoding and decoding it again, as bytes
/// and as JSON, changes nothing.
///
/// # Errors
/// The change.
pub fn check(entry: &Entry, payload: &[u8]) -> Result<(), String> {
    let Ok((header, message)) = (entry.decode)(payload) else {
        return Ok(());
    };
    let error = |what: String| format!("{}: {what}", entry.key);
    let bytes = encode(message.as_ref(), header).map_err(error)?;
    let (again, same) = (entry.decode)(&bytes).map_err(|e| error(e.to_string()))?;
    let same = encode(same.as_ref(), header).map_err(error)?;
    if (again, &same) != (header, &bytes) || bytes.len() > payload.len() {
        return Err(error(format!("{bytes:02x?} became {same:02x?}")));
    }
    let Some(json) = entry.json else {
        return Ok(());
    };
    let text = (json.from_payload)(&bytes).map_err(|e| error(e.to_string()))?;
    // JSON cannot express infinity and NaN.
    if text.contains("null") {
        return Ok(());
    }
    let read = (json.to_message)(&text).map_err(|e| error(format!("{e}: {text}")))?;
    let read = encode(read.as_ref(), header).map_err(error)?;
    if read != bytes {
        return Err(error(format!("{bytes:02x?} became {read:02x?} by {text}")));
    }
    Ok(())
}

/// Checks that truncated payloads are refused.
///
/// # Errors
/// The length of a truncated payload that is accepted.
pub fn check_cuts(entry: &Entry, payload: &[u8]) -> Result<(), String> {
    let Ok((header, message)) = (entry.decode)(payload) else {
        return Ok(());
    };
    let bytes = encode(message.as_ref(), header)?;
    for cut in [0, 1, bytes.len() / 2, bytes.len().saturating_sub(1)] {
        if cut < bytes.len() && (entry.decode)(&bytes[..cut]).is_ok() {
            return Err(format!(
                "{} is read from {cut} of {} bytes",
                entry.key,
                bytes.len()
            ));
        }
    }
    Ok(())
}

fn encode(message: &dyn AnyMessage, header: Header) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    message
        .encode_payload(7, header, &mut out)
        .map_err(|error| error.to_string())?;
    Ok(out)
}
