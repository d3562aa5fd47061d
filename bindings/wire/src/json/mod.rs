//! VPP's JSON convention, which its API traces and vat2 use.
//!
//! Structs and messages are objects by API field name. A message begins with `_msgname`
//! and `_crc`, and counts of variable arrays are present. An enum is the name of the
//! enumerator, or a number if it has none; an enumflag is an array of names; a `u8` array
//! is `"0x…"`; an address is text; a union is an object with every arm.
//!
//! Strings are text. A string whose bytes are not UTF-8 is an array of all its bytes
//! as numbers, as is a fixed string in which bytes other than NUL follow a NUL.
//!
//! When JSON is read, missing fields have their defaults, unknown fields are errors, and
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
macro_rules! json_by {
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
