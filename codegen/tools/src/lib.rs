#![doc = include_str!("../README.md")]

mod diff;
mod list;
mod vendor;

pub use diff::{
    Change, ChangeKind, Counts, DiffError, DiffOptions, ItemKind, ModuleChanges, Reason,
    ReasonKind, Report, Style, Summary, diff,
};
pub use list::{MessageLine, list};
pub use vendor::vendor;
