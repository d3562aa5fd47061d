//! Tests of the plugin `examples/cni_plugin.rs` with clients of the CNI and Kubernetes projects.
//!
//! [`runtime::programs`] finds their programs. Useful releases of `cnitool` are 1.1.2, which has
//! libcni of CNI 1.0.0, and 1.3.0, which has that of CNI 1.1.0.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cnitool;
mod containerd;
mod runtime;
mod with_cnitool;
mod with_containerd;

use std::path::PathBuf;

use runtime::{RuntimeFolders, programs};
use serde_json::{Value, json};

/// Returns the path of the example. `cargo test` builds it, but with `--test clients` it must be
/// built before: `cargo build --example cni_plugin`.
fn example() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.ancestors().nth(2).unwrap();
    profile.join("examples/cni_plugin")
}

/// Creates the folders of a runtime with the example and `host-local`.
fn folders() -> RuntimeFolders {
    let folders = RuntimeFolders::new().install("example", &example());
    folders.install("host-local", &programs("host-local")[0])
}

/// Creates the network `net`.
fn list(version: &str, plugins: Value) -> Value {
    json!({"cniVersion": version, "name": "net", "plugins": plugins})
}

/// Creates an IPAM configuration with one address per family.
fn ipam() -> Value {
    json!({"type": "host-local", "ranges": [[{"subnet": "10.9.0.0/24"}], [{"subnet": "fd09::/64"}]]})
}
