//! Generator of Rust bindings from VPP's API definitions.
