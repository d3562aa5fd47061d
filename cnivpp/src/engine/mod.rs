//! One list of steps, and the walks over it.
//!
//! An interface on VPP consists of [`Step`]s: a socket, a memif, a tag, a bridge domain, and so
//! on. Each step can look whether it is done, do it, and undo it. Every verb of the plugin and
//! every program is a [`Walk`] over such a list:
//!
//! | walk | what it does |
//! |---|---|
//! | [`Walk::add`] | looks, and does what is missing |
//! | [`Walk::look`] | looks, changes nothing |
//! | [`Walk::take_back`] | undoes in reverse, carries on over errors, reports what stays |
//!
//! Objects are identified by the owner's tag, by socket file and by MAC address, never by a
//! number alone: VPP reuses its numbers. Numbers found during a walk are in [`Numbers`], and are
//! forgotten when the connection is lost.

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
