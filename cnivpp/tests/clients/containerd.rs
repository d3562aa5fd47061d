//! containerd with runc, and its client `ctr`.
//!
//! `ctr run --cni` reads networks from `/etc/cni/net.d` and plugins from `/opt/cni/bin`. So
//! everything runs in namespaces of its own, where the node's folders have these paths; they
//! end with the script and take every process with them. It needs root.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::process::Command;

use super::node::{Node, programs};

/// Starts containerd on a node and runs a shell script.
///
/// In the script `box ID COMMAND...` runs a container, attached to the node's first network.
/// Its ID for CNI is `NAMESPACE-ID`; the namespace has 7 characters. Containers have `/bin/sh` and `/bin/sleep` only. The result
/// is what the script printed, or what it and containerd reported if it failed.
pub fn run(node: &Node, script: &str) -> Result<String, String> {
    let file = node.folder().join("node.sh");
    fs::write(&file, include_str!("containerd.sh")).unwrap();
    let output = Command::new("unshare")
        .args(["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"])
        .args(["timeout", "120", "bash"])
        .arg(file)
        .args([node.folder().as_os_str(), script.as_ref()])
        .env("PATH", path())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        let log = fs::read_to_string(node.folder().join("containerd.log"));
        let log = log.unwrap_or_default();
        Err(format!("{}{log}", text(&output.stderr)))
    }
}

/// `PATH` with the folders of containerd and runc.
fn path() -> OsString {
    let own = ["containerd", "runc"].map(|it| programs(it)[0].clone());
    let own = own.iter().filter_map(|it| it.parent());
    let path = env::var_os("PATH").unwrap_or_default();
    let all = own.map(Into::into).chain(env::split_paths(&path));
    env::join_paths(all).unwrap()
}
