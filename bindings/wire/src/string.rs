use std::borrow::Cow;
use std::fmt;
use std::str::{FromStr, Utf8Error};

use crate::{DecodeError, EncodeError, Reader, Wire, Writer};

/// A `string name[N]`: up to `N` bytes of text, held inline, ended by a NUL where shorter.
///
/// VPP treats the last byte as NUL, so text of at most `N - 1` bytes is accepted.
/// What VPP sends is kept byte for byte, also behind the NUL; comparison and
/// display look at the text before it.
#[derive(Clone, Copy)]
pub struct FixedString<const N: usize> {
    bytes: [u8; N],
}

/// Text that does not fit its [`FixedString`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StringTooLong {
    /// The bytes that there is room for.
    pub room: usize,
    /// The text.
    pub text: String,
    /// Whether the text was refused for a NUL inside it, not for its length.
    pub has_nul: bool,
}

impl fmt::Display for StringTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.has_nul {
            return write!(
                f,
                "{:?} has a NUL inside, where VPP would end it",
                self.text
            );
        }
        write!(
            f,
            "{:?} is {} bytes long, and the field takes at most {}",
            self.text,
            self.text.len(),
            self.room
        )
    }
}

impl std::error::Error for StringTooLong {}

impl<const N: usize> FixedString<N> {
    /// The longest text in bytes: one less than the field, for the NUL.
    pub const ROOM: usize = N.saturating_sub(1);

    /// The text, or an error where it is too long or has a NUL inside.
    ///
    /// # Errors
    /// Never cuts: text longer than [`Self::ROOM`] is refused.
    pub fn new(text: &str) -> Result<Self, StringTooLong> {
        let has_nul = text.as_bytes().contains(&0);
        if has_nul || text.len() > Self::ROOM {
            return Err(StringTooLong {
                room: Self::ROOM,
                text: text.to_owned(),
                has_nul,
            });
        }
        let mut bytes = [0; N];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Ok(Self { bytes })
    }

    /// A string from the field's bytes as they stand on the wire.
    #[must_use]
    pub fn from_bytes(bytes: [u8; N]) -> Self {
        Self { bytes }
    }

    /// The field's bytes as they stand on the wire.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; N] {
        self.bytes
    }

    /// The bytes before the first NUL.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        let end = self.bytes.iter().position(|byte| *byte == 0);
        &self.bytes[..end.unwrap_or(N)]
    }

    /// The text before the first NUL.
    ///
    /// # Errors
    /// When it is not UTF-8; VPP does not check what it is given.
    pub fn as_str(&self) -> Result<&str, Utf8Error> {
        std::str::from_utf8(self.as_bytes())
    }

    /// The text before the first NUL, with U+FFFD for what is not UTF-8.
    #[must_use]
    pub fn to_string_lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.as_bytes())
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.as_bytes().is_empty()
    }
}

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

impl<const N: usize> std::hash::Hash for FixedString<N> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl<const N: usize> PartialEq<str> for FixedString<N> {
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl<const N: usize> PartialEq<&str> for FixedString<N> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl<const N: usize> fmt::Debug for FixedString<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string_lossy(), f)
    }
}

impl<const N: usize> fmt::Display for FixedString<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_string_lossy(), f)
    }
}

impl<const N: usize> FromStr for FixedString<N> {
    type Err = StringTooLong;

    fn from_str(text: &str) -> Result<Self, StringTooLong> {
        Self::new(text)
    }
}

impl<const N: usize> TryFrom<&str> for FixedString<N> {
    type Error = StringTooLong;

    fn try_from(text: &str) -> Result<Self, StringTooLong> {
        Self::new(text)
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
    fn text_that_leaves_no_room_for_the_nul_is_refused_not_cut() {
        assert_eq!(FixedString::<4>::new("abc").unwrap(), "abc");
        let error = FixedString::<4>::new("abcd").unwrap_err();
        assert_eq!(
            error.to_string(),
            r#""abcd" is 4 bytes long, and the field takes at most 3"#
        );
    }

    #[test]
    fn a_nul_inside_is_refused() {
        assert!(FixedString::<8>::new("a\0b").unwrap_err().has_nul);
    }

    #[test]
    fn bytes_behind_the_nul_survive_but_do_not_count() {
        let mut from = Reader::new(b"ab\0x");
        let text: FixedString<4> = from.field("name").unwrap();
        assert_eq!(text, "ab");
        assert_eq!(text, FixedString::new("ab").unwrap());
        let mut out = Vec::new();
        text.encode(&mut Writer::new(&mut out)).unwrap();
        assert_eq!(out, b"ab\0x");
    }

    #[test]
    fn text_that_is_not_utf8_can_still_be_shown() {
        let text = FixedString::from_bytes(*b"\xffab\0");
        assert!(text.as_str().is_err());
        assert_eq!(text.to_string(), "\u{fffd}ab");
    }
}
