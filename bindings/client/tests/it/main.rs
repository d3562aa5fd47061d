//! The client against a peer in the same process, over socket pairs.

mod calls;
mod dumps;
mod messages;
mod peer;
