//! VPP's API definitions as data: names, types, numbers, CRCs and options, no prose.
//!
//! Written by `vpp-bindgen vendor` from the definitions that VPP 26.06 installs; a build
//! script gives [`V26_06`] to `vpp_codegen::Builder`.

/// The folder with the definitions of VPP 26.06, as `core` and `plugins`.
pub const V26_06: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/v26.06");

/// The modules in [`V26_06`], sorted.
pub const MODULES: &[&str] = &[
    "af_packet",
    "ethernet_types",
    "fib_types",
    "interface",
    "interface_types",
    "ip",
    "ip_neighbor",
    "ip_types",
    "l2",
    "memclnt",
    "memif",
    "mfib_types",
    "ping",
    "tapv2",
    "vhost_user",
    "virtio_types",
    "vlib",
    "vpe",
    "vpe_types",
];
