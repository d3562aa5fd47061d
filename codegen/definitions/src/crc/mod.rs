//! CRCs of definitions: how VPP computes them, and whether those in JSON are right.
//!
//! A message's CRC is that of its text and, behind it, the text of every type that its fields
//! have, each time one has it, with all that such a type uses in turn. The text of an enum
//! leaves out enumerators marked `backwards_compatible`, which the JSON does not mark: CRCs
//! that depend on one cannot be computed from JSON alone (28 of 2093 in VPP 26.06).
//!
//! A CRC that disagrees is told from one that cannot be computed as follows. The language
//! has marked enumerators at the end of their enum only. So where the recorded CRC is what
//! comes out when the last enumerators of one or two enums are left out, they are taken for
//! marked. An enum is marked alike for all messages of a file: what one message showed is
//! taken for given by the others, and an enum that some message agrees with as it is has no
//! marks. Of 32 bits and at most 20 000 ways to try, a wrong CRC passes for one that cannot
//! be computed less than once in 200 000 times.

mod definitions;
mod evidence;
mod fold;
mod search;
mod text;

pub use definitions::{Definitions, Left, recorded};
pub use evidence::proven;
pub use fold::Fold;
pub use search::{Known, names};
pub use text::Text;

use std::collections::{HashMap, HashSet};

/// The `backwards_compatible` enumerators of each enum that has some.
pub type Marks = HashMap<String, HashSet<String>>;
