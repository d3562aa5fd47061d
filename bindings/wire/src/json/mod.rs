//! VPP's JSON convention, which its API traces and vat2 use.
//!
//! | API | JSON |
//! |---|---|
//! | struct, message | an object by field name, with the counts of variable arrays; a message starts with `_msgname` and `_crc` |
//! | enum | the name of the value, or the number if it has no name |
//! | enumflag | an array of names |
//! | `u8` array | `"0x…"` |
//! | address | text |
//! | union | an object with every arm |
//! | string | text |
//!
//! A string that is not UTF-8 becomes an array of its bytes as numbers, and so does a fixed
//! string with bytes other than NUL after a NUL.
//!
//! When reading JSON, missing fields get their defaults and unknown fields are errors.
//! `_msgname`, `_crc` and counts are checked if they are present.

mod arrays;
mod convert;
mod enums;
mod fields;
mod flags;
mod strings;
mod text;

pub use arrays::{Hex, List};
pub use convert::{AnyError, Convert};
pub use enums::{read_enum, write_enum};
pub use fields::{Fields, read, unknown, write};
pub use flags::{FlagNames, read_flags, write_flags};
pub use text::{read_text, read_text_or_fields, write_text, write_text_or_fields};

/// Implements serde's traits with a function that writes and one that reads.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_json_by {
    ($name:ident, $write:expr, $read:expr) => {
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                to: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $write(self, to)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                from: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $read(from)
            }
        }
    };
}
