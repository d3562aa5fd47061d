//! Runs containerd with runc, through its client `ctr`. Needs root.
//!
//! `ctr run --cni` reads networks from `/etc/cni/net.d` and plugins from `/opt/cni/bin`. Everything
//! therefore runs in new namespaces, where the runtime's folders have these paths.

use std::env;
use std::ffi::OsString;
use std::fs;

use super::runtime::{RuntimeFolders, programs};

/// Starts containerd and runs a shell script.
///
/// In the script, `box ID COMMAND...` runs a container that is attached to the first network. Its
/// ID for CNI is `NAMESPACE-ID`; the namespace has 7 characters. Containers have only `/bin/sh` and
/// `/bin/sleep`. Returns the script's output, or errors and the log of containerd if it fails.
pub fn run(folders: &RuntimeFolders, script: &str) -> Result<String, String> {
    let setup = include_str!("containerd.sh");
    let printed = folders.run_in_namespaces(setup, script, &path());
    printed.map_err(|error| {
        let log = fs::read_to_string(folders.folder().join("containerd.log"));
        error + &log.unwrap_or_default()
    })
}

/// Returns `PATH` with the folders of containerd and runc first.
fn path() -> OsString {
    let own = ["containerd", "runc"].map(|it| programs(it)[0].clone());
    let own = own.iter().filter_map(|it| it.parent());
    let path = env::var_os("PATH").unwrap_or_default();
    let all = own.map(Into::into).chain(env::split_paths(&path));
    env::join_paths(all).unwrap()
}
