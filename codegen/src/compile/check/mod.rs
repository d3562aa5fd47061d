//! What definitions mean: types looked up, every rule checked, CRCs computed.

mod comments;
mod enums;
mod fields;
mod imports;
mod messages;
mod service;
mod types;
mod unions;
mod unit;

pub use messages::{Message, REPLY};
pub use service::Service;
pub use types::Shape;
pub use unit::{Checked, Entry, Tree, check};
