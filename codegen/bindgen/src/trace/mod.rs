//! API traces: files that VPP or the client recorded.

mod align;
mod answered;
mod answers;
mod classify;
mod content;
mod indices;
mod key;
mod kinds;
mod line;
mod pools;
mod replay;
mod script;
mod session;
mod source;
mod step;
mod text;

pub use align::{Run, align};
pub use answered::count_requests;
pub use content::content_hash;
pub use line::{LineWriter, Written};
pub use replay::{Replay, Summary};
pub use script::Script;
pub use session::Session;
pub use source::TraceSource;
