//! VPP's own JSON convention, as its API traces and vat2 have it.
//!
//! Structs and messages are objects by API field name, messages with `_msgname`
//! and `_crc` before; counts of variable arrays are present. Enums are the
//! enumerator's name (a number where there is none), enumflags an array of names,
//! `u8` arrays `"0x…"`, addresses text, unions an object with every arm.
//!
//! Reading takes defaults for absent fields, refuses unknown ones, and checks
//! `_msgname`, `_crc` and counts where they are present.

mod arrays;
mod convert;
mod enums;
mod fields;
mod flags;
mod string;
mod text;

pub use arrays::{Hex, List};
pub use convert::{AnyError, Convert};
pub use enums::{read_enum, write_enum};
pub use fields::{Fields, read, unknown, write};
pub use flags::{FlagNames, read_flags, write_flags};
pub use text::{read_text, read_text_or_fields};
