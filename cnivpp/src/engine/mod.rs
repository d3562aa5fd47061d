//! Steps that create, check and remove an interface on VPP, and walks over a list of steps.
//!
//! An interface on VPP consists of [`Step`]s: a socket, a memif, a tag, a bridge domain, and so
//! on. Each step can be looked up, done and undone. Every verb of the plugin and every program is
//! a [`Walk`] over a list of steps:
//!
//! | method | what it does |
//! |---|---|
//! | [`Walk::add`] | does a step if it is missing |
//! | [`Walk::look`] | looks a step up; changes nothing |
//! | [`Walk::take_back`] | undoes the steps in reverse, carries on over errors, and reports what is left |
//!
//! Objects are identified by the owner's tag, by socket file and by MAC address, never by a number
//! alone: VPP reuses its numbers. [`Numbers`] has those found during a walk. They are dropped when
//! the connection is lost.

mod context;
mod error;
mod link;
mod location;
mod numbers;
mod observer;
mod outcome;
mod step;
pub mod steps;
mod walk;

pub use error::{Error, Result, chain, has_exited};
pub use link::Link;
pub use location::FileLocation;
pub use numbers::Numbers;
pub use observer::{Event, Happened, Observer};
pub use outcome::{Look, Undone};
pub use step::Step;
pub use walk::{Limits, Walk, remove_files};
