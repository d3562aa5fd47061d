//! The library of the programs memifAddDel, vhostUserAddDel and ipAddDel.
//!
//! Each program has a [job](jobs::Job). A [`Run`] does its steps, keeps a list of what they create,
//! and removes it at the end, after an error and after a signal.
//!
//! ```text
//! options ─ connect ─ show ─ job ─ show ─ hold ─ undo ─ show
//!                              └─ error, SIGINT, SIGTERM ─┘
//! ```

pub mod failure;
pub mod jobs;
pub mod objects;
pub mod options;
pub mod program;
pub mod report;
pub mod run;
pub mod shutdown;

pub use run::Run;
