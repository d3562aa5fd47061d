use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::str::{FromStr, Utf8Error};

use super::text_by_bytes;
use crate::{DecodeError, EncodeError, Reader, Wire, Writer};

/// A `string name[]`: its length as u32, then its bytes, which need not be UTF-8.
///
/// In VPP's JSON (feature `serde`) it is text, or an array of the bytes as numbers if they are
/// not UTF-8, so that no information is lost.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VarString {
    bytes: Vec<u8>,
}

impl VarString {
    /// Makes a string from bytes.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            bytes: bytes.into(),
        }
    }

    /// The bytes of the text.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes of the text.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

text_by_bytes!(VarString);

impl From<&str> for VarString {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for VarString {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<Vec<u8>> for VarString {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes }
    }
}

impl FromStr for VarString {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::new(text))
    }
}

impl Wire for VarString {
    const MIN_SIZE: usize = 4;

    #[inline]
    fn encode(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        out.length::<u32>(self.bytes.len())?;
        out.bytes(&self.bytes);
        Ok(())
    }

    #[inline]
    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let length: u32 = Wire::decode(from)?;
        from.counted(length).map(|bytes| Self { bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_utf8_are_decoded_kept_and_encoded() {
        let wire = b"\0\0\0\x03a\xffb";
        let text: VarString = Reader::new(wire).field("name").unwrap();
        assert_eq!(text.as_bytes(), b"a\xffb");
        assert!(text.as_str().is_err());
        assert_eq!(text.to_string(), "a\u{fffd}b");
        let mut out = Vec::new();
        text.encode(&mut Writer::new(&mut out)).unwrap();
        assert_eq!(out, wire);
    }

    #[test]
    fn length_beyond_the_payload_is_an_error_that_names_the_field() {
        let error = Reader::new(b"\xff\xff\xff\xffab").field::<VarString>("name");
        let error = error.unwrap_err();
        assert_eq!(error.offset(), 4);
        assert!(
            error.to_string().starts_with("cannot decode name at"),
            "{error}"
        );
    }

    #[test]
    fn debug_is_quoted_and_escapes_bytes_that_are_not_utf8() {
        let text = VarString::new(*b"it's \"\xc3\xa9\"\\\n\xff\xe9.");
        assert_eq!(format!("{text:?}"), r#""it's \"é\"\\\n\xff\xe9.""#);
    }

    #[test]
    fn text_compares_with_text() {
        let text: VarString = "name".parse().unwrap();
        assert_eq!(text, "name");
        assert_eq!(text, *"name");
        assert_eq!(text, String::from("name"));
        assert_eq!(text.as_str(), Ok("name"));
        assert_eq!((text.len(), text.is_empty()), (4, false));
    }
}
