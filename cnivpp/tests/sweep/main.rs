//! Every request to VPP goes wrong once, in every way, during ADD and during DEL. Afterwards one
//! DEL, or where VPP hung the first sweep once it answers, leaves everything as before.
//!
//! The requests are not listed here: they are those that a run without faults makes, so that a
//! new request is covered without a new test.
//!
//! `files` does the same with the system calls of the plugin.

mod attachment;
mod files;
mod node;
mod requests;
mod scenario;
