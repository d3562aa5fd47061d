//! Text as VPP stores it in a field.

use vpp_wire::FixedString;

/// Converts text to a field. As in VPP, the last byte stays NUL.
pub(crate) fn text<const N: usize>(text: &str) -> FixedString<N> {
    let mut bytes = [0; N];
    let end = text.len().min(N.saturating_sub(1));
    bytes[..end].copy_from_slice(&text.as_bytes()[..end]);
    FixedString::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_and_keeps_its_nul() {
        assert_eq!(text::<4>("abcdef").to_bytes(), *b"abc\0");
        assert_eq!(text::<4>("ab").to_bytes(), *b"ab\0\0");
    }
}
