//! What definitions mean: types looked up, every rule checked, CRCs computed.

mod comments;
mod enums;
mod fields;
mod imports;
mod installed;
mod messages;
mod proof;
mod service;
mod types;
mod unions;
mod unit;

pub use messages::{Message, REPLY};
pub use proof::Assumed;
pub use service::Service;
pub use types::Shape;
pub use unit::{Checked, Entry, Tree, check};
