//! Frames: the 16-byte socket header and the payload that follows it.
//!
//! The header has eight bytes for VPP's internal use, the length of the payload as a big-endian
//! u32, and four more bytes for internal use (`src/vlibmemory/socket_api.c`).

use crate::{EncodeError, Header, Message, encode_payload};

/// The size of the header in bytes.
pub const HEADER_SIZE: usize = 16;

/// The default maximum size of a payload: 64 MiB.
///
/// VPP has no limit of its own. A length of `0xFFFFFFF0` or more crashes it.
pub const MAX_PAYLOAD: usize = 64 << 20;

/// The minimum size of a payload, which is a message id.
const MIN_PAYLOAD: usize = 2;

/// A complete frame at the start of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The payload, which starts with the message id.
    pub payload: &'a [u8],
    /// The number of bytes of header and payload.
    pub size: usize,
}

impl Frame<'_> {
    /// The message id.
    #[must_use]
    #[inline]
    pub fn id(&self) -> u16 {
        // A payload from `split` always has a message id.
        self.payload
            .first_chunk()
            .map_or(0, |id| u16::from_be_bytes(*id))
    }
}

/// The error for a length out of range in a frame header. The stream cannot be read further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "frame length {length} is out of range ({MIN_PAYLOAD} to {max}): \
     the peer does not speak VPP's binary API, or the limit is too low"
)]
pub struct FrameError {
    length: usize,
    max: usize,
}

/// Appends one frame that contains `message`.
///
/// # Errors
/// If a field cannot be encoded or the payload is larger than `max`. `out` is then unchanged.
#[inline]
pub fn encode<M: Message>(
    message: &M,
    id: u16,
    header: Header,
    max: usize,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let start = out.len();
    out.extend_from_slice(&[0; HEADER_SIZE]);
    if let Err(error) = encode_payload(message, id, header, out) {
        out.truncate(start);
        return Err(error);
    }
    let size = out.len() - start - HEADER_SIZE;
    match u32::try_from(size) {
        Ok(length) if size <= max => {
            out[start + 8..start + 12].copy_from_slice(&length.to_be_bytes());
            Ok(())
        }
        _ => {
            out.truncate(start);
            Err(EncodeError::too_large(size, max).in_message(M::NAME))
        }
    }
}

/// Appends one frame that contains an encoded payload.
///
/// # Errors
/// If the payload is larger than [`MAX_PAYLOAD`].
pub fn wrap(payload: &[u8], out: &mut Vec<u8>) -> Result<(), EncodeError> {
    match u32::try_from(payload.len()) {
        Ok(length) if payload.len() <= MAX_PAYLOAD => {
            out.extend_from_slice(&[0; 8]);
            out.extend_from_slice(&length.to_be_bytes());
            out.extend_from_slice(&[0; 4]);
            out.extend_from_slice(payload);
            Ok(())
        }
        _ => Err(EncodeError::too_large(payload.len(), MAX_PAYLOAD)),
    }
}

/// Returns the first frame of `buffer`, or `None` while it is incomplete.
///
/// # Errors
/// If the length in the header is less than a message id or more than `max`.
#[inline]
pub fn split(buffer: &[u8], max: usize) -> Result<Option<Frame<'_>>, FrameError> {
    let Some(size) = frame_size(buffer, max)? else {
        return Ok(None);
    };
    Ok(buffer
        .get(HEADER_SIZE..size)
        .map(|payload| Frame { payload, size }))
}

/// Returns the size of the first frame of `buffer`, or `None` while its header is incomplete.
///
/// # Errors
/// If the length in the header is less than a message id or more than `max`.
#[inline]
pub fn frame_size(buffer: &[u8], max: usize) -> Result<Option<usize>, FrameError> {
    let Some(header) = buffer.first_chunk::<HEADER_SIZE>() else {
        return Ok(None);
    };
    let [.., a, b, c, d, _, _, _, _] = *header;
    let length = u32::from_be_bytes([a, b, c, d]) as usize;
    if !(MIN_PAYLOAD..=max).contains(&length) {
        return Err(FrameError { length, max });
    }
    Ok(Some(HEADER_SIZE + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incomplete_frame_is_not_returned() {
        let mut bytes = Vec::new();
        wrap(&[0, 23, 9], &mut bytes).unwrap();
        for cut in 0..bytes.len() {
            assert_eq!(split(&bytes[..cut], MAX_PAYLOAD), Ok(None));
        }
        let frame = split(&bytes, MAX_PAYLOAD).unwrap().unwrap();
        assert_eq!(
            (frame.payload, frame.size, frame.id()),
            (&[0, 23, 9][..], 19, 23)
        );
    }

    #[test]
    fn lengths_out_of_range_are_errors() {
        let header = |length: u32| {
            let mut header = [0; HEADER_SIZE];
            header[8..12].copy_from_slice(&length.to_be_bytes());
            header
        };
        for length in [0, 1, 101, u32::MAX] {
            let error = split(&header(length), 100).unwrap_err().to_string();
            let expected = format!("frame length {length} is out of range (2 to 100): ");
            assert!(error.starts_with(&expected), "{error}");
        }
        assert_eq!(split(&header(100), 100), Ok(None));
    }
}
