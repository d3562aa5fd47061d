//! The plugin of `examples/cni_plugin.rs`, called by clients of the CNI and Kubernetes
//! projects.
//!
//! Their programs are searched as [`node::programs`] does. Of `cnitool` the releases 1.1.2,
//! which has libcni of 1.0.0, and 1.3.0, which has that of 1.1.0, are useful.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cnitool;
mod containerd;
mod node;
mod with_cnitool;
mod with_containerd;

use std::path::PathBuf;

use node::{Node, programs};
use serde_json::{Value, json};

/// `cargo test` builds examples before tests, in a folder beside that of this test; with
/// `--test clients` it does not, and `cargo build --example cni_plugin` must come first.
fn example() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.ancestors().nth(2).unwrap();
    profile.join("examples/cni_plugin")
}

/// A node with the example and `host-local`.
fn node() -> Node {
    let node = Node::new().install("example", &example());
    node.install("host-local", &programs("host-local")[0])
}

/// The network `net`.
fn list(version: &str, plugins: Value) -> Value {
    json!({"cniVersion": version, "name": "net", "plugins": plugins})
}

/// An IPAM configuration with one address of each family.
fn ipam() -> Value {
    json!({"type": "host-local", "ranges": [[{"subnet": "10.9.0.0/24"}], [{"subnet": "fd09::/64"}]]})
}
