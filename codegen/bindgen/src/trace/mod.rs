//! API traces: files that VPP or the client recorded.

mod answers;
mod classify;
mod indices;
mod key;
mod kinds;
mod line;
mod pools;
mod replay;
mod session;
mod source;
mod step;
mod text;

pub use line::{LineWriter, Written};
pub use replay::{Replay, Summary};
pub use session::Session;
pub use source::TraceSource;
pub use step::Step;
