//! Readers of VPP's API definitions.
//!
//! [`diff()`] compares two sets of definitions, [`list()`] prints one line per message, and
//! [`vendor()`] copies definitions as facts.

mod diff;
mod list;
mod vendor;

pub use diff::{
    Change, DiffError, DiffOptions, Kind, Modules, Numbers, Reason, Report, State, Style, Summary,
    What, diff,
};
pub use list::{Line, list};
pub use vendor::vendor;
