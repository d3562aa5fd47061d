//! The simulator seen through its socket, by a client that shares no code with it but
//! the codec.

mod conformance;
mod faults;
mod papi;
mod peer;
mod program;
mod protocol;
