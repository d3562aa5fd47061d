//! What the programs memifAddDel, vhostUserAddDel and ipAddDel share.
//!
//! Each has a [job](jobs::Job) that is done step by step in a [`Session`], which
//! remembers what has come to be, and takes it back: at the end, after an error, and when
//! the program is told to end.
//!
//! ```text
//! options ─ connect ─ show ─ job ─ show ─ hold ─ undo ─ show
//!                              └─ error, Ctrl-C, SIGTERM ─┘
//! ```

pub mod bench;
pub mod cni_bench;
pub mod failure;
pub mod jobs;
pub mod options;
pub mod program;
pub mod report;
pub mod session;
pub mod show;
pub mod status;
pub mod stop;
pub mod target;

pub use session::Session;
