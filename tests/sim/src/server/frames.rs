//! Splits a byte stream into frames as VPP does.

use vpp_wire::frame::HEADER_SIZE;

/// The smallest announced length that overflows VPP's arithmetic and crashes it.
const FATAL: u32 = 0xffff_fff0;

/// The start of a buffer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Front<'a> {
    /// An incomplete frame.
    Partial,
    /// A payload, and the length of header and payload.
    Frame(&'a [u8], usize),
    /// A length that VPP accepts and the simulator refuses, to limit its memory.
    TooLarge(u32),
    /// A length that crashes VPP.
    Fatal(u32),
}

/// Reads the frame at the start of a buffer. `max` limits the length of the payload.
pub(crate) fn front(buffer: &[u8], max: usize) -> Front<'_> {
    let Some([.., a, b, c, d, _, _, _, _]) = buffer.first_chunk::<HEADER_SIZE>() else {
        return Front::Partial;
    };
    let length = u32::from_be_bytes([*a, *b, *c, *d]);
    if length >= FATAL {
        return Front::Fatal(length);
    }
    let size = length as usize;
    if size > max {
        return Front::TooLarge(length);
    }
    // VPP handles a header without payload only after it has read one more byte.
    if size == 0 && buffer.len() == HEADER_SIZE {
        return Front::Partial;
    }
    match buffer.get(HEADER_SIZE..HEADER_SIZE + size) {
        Some(payload) => Front::Frame(payload, HEADER_SIZE + size),
        None => Front::Partial,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(length: u32) -> Vec<u8> {
        let mut header = vec![0; HEADER_SIZE];
        header[8..12].copy_from_slice(&length.to_be_bytes());
        header
    }

    #[test]
    fn an_empty_frame_needs_one_more_byte() {
        let mut bytes = header(0);
        assert_eq!(front(&bytes, 100), Front::Partial);
        bytes.push(9);
        assert_eq!(front(&bytes, 100), Front::Frame(&[], HEADER_SIZE));
    }

    #[test]
    fn a_complete_frame_is_found() {
        let mut bytes = header(2);
        bytes.push(1);
        assert_eq!(front(&bytes, 100), Front::Partial);
        bytes.extend([2, 3]);
        assert_eq!(front(&bytes, 100), Front::Frame(&[1, 2], HEADER_SIZE + 2));
    }

    #[test]
    fn too_large_and_fatal_lengths_are_recognized() {
        assert_eq!(front(&header(101), 100), Front::TooLarge(101));
        assert_eq!(front(&header(FATAL), 100), Front::Fatal(FATAL));
        assert_eq!(front(&header(u32::MAX), 100), Front::Fatal(u32::MAX));
    }
}
