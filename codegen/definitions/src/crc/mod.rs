//! Computes the CRCs of messages, and infers what JSON does not record about them.
//!
//! The CRC of a message covers its own text, then the text of the type of each field and of all
//! types that this type uses. The text of an enum leaves out enumerators marked
//! `backwards_compatible`. JSON does not have these marks, so CRCs that depend on one cannot be
//! computed from JSON alone (28 of 2093 in VPP 26.06).
//!
//! A wrong CRC is distinguished from one that cannot be computed as follows. The language allows
//! marks only on the last enumerators of an enum. If the recorded CRC results from leaving out
//! the last enumerators of one or two enums, these are considered marked. The marks of an enum
//! are the same for all messages of a file: a mark found for one message applies to the others,
//! and an enum has no marks if a message has the CRC of the whole enum. With 32 bits and at most
//! 20 000 combinations, a wrong CRC is taken for one that cannot be computed less than once in
//! 200 000 times.

mod fold;
mod marks;
mod text;
mod types;

pub use fold::Fold;
pub use marks::{Findings, enumerator_names, infer_marks};
pub use text::Text;
pub use types::{Omitted, TypeTable, recorded_crc};

use std::collections::{HashMap, HashSet};

/// The `backwards_compatible` enumerators of each enum, by its name.
pub type Marks = HashMap<String, HashSet<String>>;
