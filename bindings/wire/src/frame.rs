//! The 16-byte header before every payload on the socket
//! (`src/vlibmemory/socket_api.c`): eight bytes that VPP uses for itself, the
//! payload's length as a big-endian u32, and four more bytes to ignore.

use std::fmt;

use crate::{EncodeError, Header, Message, encode_payload};

/// The size of the header in bytes.
pub const HEADER: usize = 16;

/// The largest payload that is sent or accepted unless told otherwise: 64 MiB.
///
/// VPP itself has no limit, and a length of `0xFFFFFFF0` or more kills it.
pub const MAX_PAYLOAD: usize = 64 << 20;

/// The least payload: a message id.
const MIN_PAYLOAD: usize = 2;

/// One whole frame at the front of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The message, from its id on.
    pub payload: &'a [u8],
    /// The bytes of header and payload.
    pub size: usize,
}

impl Frame<'_> {
    /// The message id.
    #[must_use]
    #[inline]
    pub fn id(&self) -> u16 {
        // `split` lets no payload pass that has no id.
        self.payload
            .first_chunk()
            .map_or(0, |id| u16::from_be_bytes(*id))
    }
}

/// A header that no VPP sends; the stream cannot be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameError {
    length: usize,
    max: usize,
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { length, max } = self;
        write!(
            f,
            "a frame header announces {length} bytes, and {MIN_PAYLOAD} to {max} are accepted: \
             the peer does not speak VPP's binary API, or the limit is too low"
        )
    }
}

impl std::error::Error for FrameError {}

/// Appends one frame with `message` in it.
///
/// # Errors
/// When a field does not fit or the payload is larger than `max`; `out` is then as it was.
#[inline]
pub fn encode<M: Message>(
    message: &M,
    id: u16,
    header: Header,
    max: usize,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let start = out.len();
    out.extend_from_slice(&[0; HEADER]);
    if let Err(error) = encode_payload(message, id, header, out) {
        out.truncate(start);
        return Err(error);
    }
    let size = out.len() - start - HEADER;
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

/// Appends one frame around a payload that is encoded already.
///
/// # Errors
/// When the payload is larger than [`MAX_PAYLOAD`].
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

/// The first frame of `buffer`, or `None` while it is not all there.
///
/// # Errors
/// When the header announces a length that cannot be.
#[inline]
pub fn split(buffer: &[u8], max: usize) -> Result<Option<Frame<'_>>, FrameError> {
    let Some(size) = announced(buffer, max)? else {
        return Ok(None);
    };
    Ok(buffer
        .get(HEADER..size)
        .map(|payload| Frame { payload, size }))
}

/// The whole size of the first frame of `buffer` once its header is there.
///
/// # Errors
/// When the header announces a length that cannot be.
#[inline]
pub fn announced(buffer: &[u8], max: usize) -> Result<Option<usize>, FrameError> {
    let Some(header) = buffer.first_chunk::<HEADER>() else {
        return Ok(None);
    };
    let [.., a, b, c, d, _, _, _, _] = *header;
    let length = u32::from_be_bytes([a, b, c, d]) as usize;
    if !(MIN_PAYLOAD..=max).contains(&length) {
        return Err(FrameError { length, max });
    }
    Ok(Some(HEADER + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_found_only_when_whole() {
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
    fn lengths_that_no_vpp_sends_are_errors() {
        let header = |length: u32| {
            let mut header = [0; HEADER];
            header[8..12].copy_from_slice(&length.to_be_bytes());
            header
        };
        for length in [0, 1, 101, u32::MAX] {
            assert!(split(&header(length), 100).is_err(), "{length}");
        }
        assert_eq!(split(&header(100), 100), Ok(None));
    }
}
