//! API traces: files that VPP or the client recorded.

mod key;
mod line;
mod source;
mod text;

pub use line::{LineWriter, Written};
pub use source::TraceSource;
