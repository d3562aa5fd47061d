//! Bindings of a third party's plugin.
//!
//! `api/lamp.api` imports VPP's types from an installed VPP. The build script takes these types
//! from `vpp-bindings`, so that all crates share one [`InterfaceIndex`].
//! `vpp_bindings::client::Client` sends the plugin's messages like VPP's own.
//!
//! [`InterfaceIndex`]: vpp_bindings::interface_types::InterfaceIndex

/// The runtime of the generated code. The build script sets its path.
pub use vpp_wire as runtime;

include!(concat!(env!("OUT_DIR"), "/mod.rs"));

/// The same bindings for a program that depends only on `vpp-wire`. They contain the imported
/// types.
pub mod standalone {
    include!(concat!(env!("OUT_DIR"), "/standalone/mod.rs"));
}
