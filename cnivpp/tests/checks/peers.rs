//! Clients of other projects that call the plugin.

// Shared with the tests of the example plugin.
#[path = "../clients/cnitool.rs"]
pub mod cnitool;
#[path = "../clients/containerd.rs"]
pub mod containerd;
#[path = "../clients/runtime.rs"]
pub mod runtime;

use std::path::Path;

use serde_json::{Value, json};

use self::cnitool::Cnitool;
use self::runtime::{RuntimeFolders, programs};
use crate::call::PROGRAM;
use crate::node::Node;

/// Creates the folders of a runtime with the plugin and one `host-local`.
pub fn folders(host_local: &Path) -> RuntimeFolders {
    let folders = RuntimeFolders::new().install("userspace", Path::new(PROGRAM));
    folders.install("host-local", host_local)
}

/// Returns the first `host-local` that is found.
pub fn host_local() -> std::path::PathBuf {
    programs("host-local")[0].clone()
}

/// Creates the network `net` with a list of plugins.
pub fn list(version: &str, plugins: &[&Value]) -> Value {
    let plugins: Vec<Value> = plugins.iter().map(|it| (*it).clone()).collect();
    json!({"cniVersion": version, "name": "net", "plugins": plugins})
}

/// Creates an IPAM configuration with one address per family.
pub fn ipam() -> Value {
    json!({
        "type": "host-local",
        "ranges": [[{"subnet": "10.9.0.0/16"}], [{"subnet": "fd09::/64"}]],
    })
}

/// Adds `host-local` to a configuration of the plugin.
pub fn with_host_local(conf: &Value) -> Value {
    crate::node::with(conf, "ipam", &ipam())
}

/// Creates a `cnitool` client with a network of one plugin.
pub fn cnitool(program: &Path, version: &str, conf: &Value) -> Cnitool {
    let folders = folders(&host_local()).network(&list(version, &[&with_host_local(conf)]));
    Cnitool::new(program, folders)
}

/// Whether this process may create the namespaces that all clients need. Prints a message if not.
pub fn has_namespaces() -> bool {
    let mut unshare = std::process::Command::new("unshare");
    if !rustix::process::getuid().is_root() {
        unshare.arg("--map-root-user");
    }
    let done = unshare
        .args(["--mount", "--pid", "--fork", "--mount-proc", "true"])
        .output();
    let has = done.is_ok_and(|it| it.status.success());
    if !has {
        eprintln!("skipped: mount and process namespaces are not allowed here");
    }
    has
}

/// Runs a test with every `cnitool` and every version that it supports.
pub fn for_each_cnitool(work: impl Fn(&Path, &str)) {
    for program in programs("cnitool") {
        for version in ["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"] {
            if version != "1.1.0" || supports_1_1_0(&program) {
                work(&program, version);
            }
        }
    }
}

/// Whether libcni in this `cnitool` supports CNI 1.1.0.
pub fn supports_1_1_0(program: &Path) -> bool {
    let node = Node::new();
    let client = cnitool(program, "1.1.0", &node.bridged());
    let netns = node.netns("box1");
    let added = client.add("net", netns.to_str().unwrap());
    added.is_ok_and(|it| it["cniVersion"] == "1.1.0")
}
