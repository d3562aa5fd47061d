use std::borrow::Cow;
use std::cmp::Ordering;
use std::ffi::CStr;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::{FromStr, Utf8Error};

use super::{VarString, text_by_bytes};
use crate::{DecodeError, EncodeError, Reader, Wire, Writer};

/// A `string name[N]`: a field of `N` bytes, in which a NUL ends shorter text.
///
/// VPP treats the last byte as NUL, so [`new`](Self::new) accepts at most `N - 1` bytes. Received
/// bytes are kept unchanged, including those after the NUL. Comparison, display and all other
/// methods use the bytes before the NUL, which need not be UTF-8.
///
/// In VPP's JSON (feature `serde`) it is text. If the bytes are not UTF-8, or bytes other than
/// NUL follow the first NUL, it is an array of all `N` bytes as numbers, so that no information
/// is lost.
#[derive(Clone, Copy)]
pub struct FixedString<const N: usize> {
    bytes: [u8; N],
}

/// The error for text that is too long for a [`FixedString`] or contains a NUL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub struct InvalidString {
    /// The maximum length in bytes.
    pub max_len: usize,
    /// The text.
    pub text: VarString,
    /// Whether the text contains a NUL. If not, it is too long.
    pub has_nul: bool,
}

impl fmt::Display for InvalidString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            max_len,
            text,
            has_nul,
        } = self;
        if *has_nul {
            return write!(f, "{text:?} contains a NUL, where VPP would end it");
        }
        let length = text.len();
        write!(
            f,
            "{text:?} is too long: {length} bytes, the field takes at most {max_len}"
        )
    }
}

impl<const N: usize> FixedString<N> {
    /// The maximum length in bytes, one less than the field because of the NUL.
    pub const MAX_LEN: usize = N.saturating_sub(1);

    /// Makes a string from text.
    ///
    /// # Errors
    /// If the text is longer than [`Self::MAX_LEN`] or contains a NUL.
    pub fn new(text: &str) -> Result<Self, InvalidString> {
        Self::try_from(text.as_bytes())
    }

    /// Makes a string from all bytes of the field.
    #[must_use]
    pub fn from_bytes(bytes: [u8; N]) -> Self {
        Self { bytes }
    }

    /// Returns all bytes of the field.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; N] {
        self.bytes
    }

    /// The bytes of the text: those before the first NUL.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        // This search compares a word at a time.
        CStr::from_bytes_until_nul(&self.bytes).map_or(&self.bytes, CStr::to_bytes)
    }
}

text_by_bytes!(FixedString<N>, N);

impl<const N: usize> Default for FixedString<N> {
    fn default() -> Self {
        Self { bytes: [0; N] }
    }
}

impl<const N: usize> PartialEq for FixedString<N> {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl<const N: usize> Eq for FixedString<N> {}

impl<const N: usize> PartialOrd for FixedString<N> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<const N: usize> Ord for FixedString<N> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl<const N: usize> Hash for FixedString<N> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl<const N: usize> FromStr for FixedString<N> {
    type Err = InvalidString;

    fn from_str(text: &str) -> Result<Self, InvalidString> {
        Self::new(text)
    }
}

impl<const N: usize> TryFrom<&str> for FixedString<N> {
    type Error = InvalidString;

    fn try_from(text: &str) -> Result<Self, InvalidString> {
        Self::new(text)
    }
}

impl<const N: usize> TryFrom<&[u8]> for FixedString<N> {
    type Error = InvalidString;

    fn try_from(text: &[u8]) -> Result<Self, InvalidString> {
        let has_nul = text.contains(&0);
        if has_nul || text.len() > Self::MAX_LEN {
            return Err(InvalidString {
                max_len: Self::MAX_LEN,
                text: VarString::new(text),
                has_nul,
            });
        }
        let mut bytes = [0; N];
        bytes[..text.len()].copy_from_slice(text);
        Ok(Self { bytes })
    }
}

impl<const N: usize> Wire for FixedString<N> {
    const MIN_SIZE: usize = N;

    #[inline]
    fn encode(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        out.bytes(&self.bytes);
        Ok(())
    }

    #[inline]
    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        from.array().map(|bytes| Self { bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_too_long_is_an_error() {
        assert_eq!(FixedString::<4>::new("abc").unwrap(), "abc");
        let error = FixedString::<4>::new("abcd").unwrap_err();
        assert_eq!(
            error.to_string(),
            r#""abcd" is too long: 4 bytes, the field takes at most 3"#
        );
    }

    #[test]
    fn text_that_contains_a_nul_is_an_error() {
        let error = FixedString::<8>::new("a\0b").unwrap_err();
        assert!(error.has_nul);
        assert_eq!(
            error.to_string(),
            r#""a\0b" contains a NUL, where VPP would end it"#
        );
    }

    #[test]
    fn bytes_after_the_nul_are_kept_but_not_compared() {
        let mut from = Reader::new(b"ab\0x");
        let text: FixedString<4> = from.field("name").unwrap();
        assert_eq!(text, "ab");
        assert_eq!(text, FixedString::new("ab").unwrap());
        let mut out = Vec::new();
        text.encode(&mut Writer::new(&mut out)).unwrap();
        assert_eq!(out, b"ab\0x");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_kept_and_printed() {
        let text = FixedString::<8>::try_from(&b"\xffab"[..]).unwrap();
        assert_eq!(text.to_bytes(), *b"\xffab\0\0\0\0\0");
        assert!(text.as_str().is_err());
        assert_eq!(text.to_string(), "\u{fffd}ab");
        assert_eq!(format!("{text:?}"), r#""\xffab""#);
    }

    #[test]
    fn strings_are_ordered_by_their_text() {
        let after_nul = FixedString::from_bytes(*b"a\0z\0");
        assert!(after_nul < FixedString::new("ab").unwrap());
        assert_eq!(
            after_nul.cmp(&FixedString::new("a").unwrap()),
            Ordering::Equal
        );
    }
}
