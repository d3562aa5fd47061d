//! What somebody with a plugin of their own does: `api/lamp.api` imports VPP's types, of which
//! only what VPP installs is at hand; the build script makes bindings that take them from
//! `vpp-bindings`, so that an interface is the same [`InterfaceIndex`] for all; and
//! `vpp_bindings::client::Client` sends the plugin's messages as it sends VPP's.
//!
//! [`InterfaceIndex`]: vpp_bindings::interface_types::InterfaceIndex

/// Where the generated code finds the runtime: by whatever name, as the build script says.
pub use vpp_wire as runtime;

include!(concat!(env!("OUT_DIR"), "/mod.rs"));

/// The same bindings for a program that has `vpp-wire` and nothing else: the imported types
/// are generated beside the plugin's own.
pub mod standalone {
    include!(concat!(env!("OUT_DIR"), "/standalone/mod.rs"));
}
