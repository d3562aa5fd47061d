//! VPP's own JSON convention, as its API traces and vat2 have it.
//!
//! Structs and messages are objects by API field name, messages with `_msgname`
//! and `_crc` before; counts of variable arrays are present. Enums are the
//! enumerator's name (a number where there is none), enumflags an array of names,
//! `u8` arrays `"0x…"`, addresses text, unions an object with every arm.
//!
//! Strings are text. A string whose bytes are not UTF-8 is an array of all its bytes
//! as numbers, as is a fixed string in which bytes other than NUL follow a NUL.
//!
//! Reading takes defaults for absent fields, refuses unknown ones, and checks
//! `_msgname`, `_crc` and counts where they are present.

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

/// serde's traits by a function to write and one to read.
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
