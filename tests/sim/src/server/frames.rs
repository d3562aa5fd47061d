//! The frames in what was read, told apart the way VPP does it.

use vpp_wire::frame::HEADER;

/// From this announced length on, VPP's arithmetic wraps and it dies.
const FATAL: u32 = 0xffff_fff0;

/// What stands at the front of a buffer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Front<'a> {
    /// Not enough yet.
    Partial,
    /// A payload, and the bytes of header and payload.
    Frame(&'a [u8], usize),
    /// A length that VPP waits for and that is kept from eating all memory here.
    TooLarge(u32),
    /// A length that VPP dies of.
    Fatal(u32),
}

/// Looks at the front of a buffer; `max` bounds the payload.
pub(crate) fn front(buffer: &[u8], max: usize) -> Front<'_> {
    let Some([.., a, b, c, d, _, _, _, _]) = buffer.first_chunk::<HEADER>() else {
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
    // VPP looks at a lone header only when one more byte has come.
    if size == 0 && buffer.len() == HEADER {
        return Front::Partial;
    }
    match buffer.get(HEADER..HEADER + size) {
        Some(payload) => Front::Frame(payload, HEADER + size),
        None => Front::Partial,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(length: u32) -> Vec<u8> {
        let mut header = vec![0; HEADER];
        header[8..12].copy_from_slice(&length.to_be_bytes());
        header
    }

    #[test]
    fn an_empty_frame_needs_one_more_byte() {
        let mut bytes = header(0);
        assert_eq!(front(&bytes, 100), Front::Partial);
        bytes.push(9);
        assert_eq!(front(&bytes, 100), Front::Frame(&[], HEADER));
    }

    #[test]
    fn a_frame_is_found_when_whole() {
        let mut bytes = header(2);
        bytes.push(1);
        assert_eq!(front(&bytes, 100), Front::Partial);
        bytes.extend([2, 3]);
        assert_eq!(front(&bytes, 100), Front::Frame(&[1, 2], HEADER + 2));
    }

    #[test]
    fn lengths_that_are_too_large_and_that_kill() {
        assert_eq!(front(&header(101), 100), Front::TooLarge(101));
        assert_eq!(front(&header(FATAL), 100), Front::Fatal(FATAL));
        assert_eq!(front(&header(u32::MAX), 100), Front::Fatal(u32::MAX));
    }
}
