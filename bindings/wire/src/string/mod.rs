//! The string types of the API. VPP does not check that they are UTF-8, so both types store
//! bytes.

mod fixed;
mod var;

use std::fmt::{self, Write};

pub use fixed::{FixedString, InvalidString};
pub use var::VarString;

/// Writes bytes as a quoted string: escaped text, and `\xNN` for each byte that is not UTF-8.
fn write_debug(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                // `escape_debug` also escapes the quote of a char, which `Debug` of str does not.
                '\'' => f.write_char('\'')?,
                other => write!(f, "{}", other.escape_debug())?,
            }
        }
        for byte in chunk.invalid() {
            write!(f, "\\x{byte:02x}")?;
        }
    }
    f.write_char('"')
}

/// Implements the common methods and traits of both string types, based on `as_bytes`.
macro_rules! text_by_bytes {
    ($name:ty $(, $parameter:ident)*) => {
        impl<$(const $parameter: usize)*> $name {
            /// The text.
            ///
            /// # Errors
            /// If the bytes are not UTF-8.
            pub fn as_str(&self) -> Result<&str, Utf8Error> {
                std::str::from_utf8(self.as_bytes())
            }

            /// The text, with U+FFFD in place of bytes that are not UTF-8.
            #[must_use]
            pub fn to_string_lossy(&self) -> Cow<'_, str> {
                String::from_utf8_lossy(self.as_bytes())
            }

            /// The length of the text in bytes.
            #[must_use]
            pub fn len(&self) -> usize {
                self.as_bytes().len()
            }

            /// Whether the text is empty.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.as_bytes().is_empty()
            }
        }

        impl<$(const $parameter: usize)*> PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_bytes() == other.as_bytes()
            }
        }

        impl<$(const $parameter: usize)*> PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                *self == **other
            }
        }

        impl<$(const $parameter: usize)*> PartialEq<String> for $name {
            fn eq(&self, other: &String) -> bool {
                *self == **other
            }
        }

        /// Prints the text quoted and escaped. Bytes that are not UTF-8 become `\xNN`.
        impl<$(const $parameter: usize)*> fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                super::write_debug(self.as_bytes(), f)
            }
        }

        /// Prints the text, with U+FFFD in place of bytes that are not UTF-8.
        impl<$(const $parameter: usize)*> fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.to_string_lossy(), f)
            }
        }
    };
}

use text_by_bytes;
