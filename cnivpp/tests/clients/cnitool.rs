//! Runs `cnitool` of the CNI project, which is libcni as a program.
//!
//! libcni and plugins keep data in `/var/lib/cni`. Each call therefore runs in a new mount
//! namespace with a folder of the test mounted on `/var/lib`.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::runtime::{RuntimeFolders, to_result};

/// One release of `cnitool`, with the folders of a runtime.
pub struct Cnitool {
    program: PathBuf,
    folders: RuntimeFolders,
    variables: Vec<(String, String)>,
}

impl Cnitool {
    /// Creates a client from the program and the folders.
    pub fn new(program: &Path, folders: RuntimeFolders) -> Self {
        Self {
            program: program.to_owned(),
            folders,
            variables: Vec::new(),
        }
    }

    /// Sets an environment variable of `cnitool`, for example `CNI_ARGS` or `CAP_ARGS`.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Returns the folders.
    pub fn folders(&self) -> &RuntimeFolders {
        &self.folders
    }

    /// Runs one command: `add`, `check`, `del`, `gc` or `status`.
    ///
    /// Returns its stdout, or stdout and stderr if it fails.
    pub fn run(&self, command: &str, network: &str, netns: &str) -> Result<String, String> {
        let mut unshare = Command::new("unshare");
        if !rustix::process::getuid().is_root() {
            unshare.arg("--map-root-user");
        }
        let output = unshare
            .arg("--mount")
            .args(["sh", "-c", r#"mount --bind "$0" /var/lib && exec "$@""#])
            .arg(self.folders.var_lib())
            .arg(&self.program)
            .args([command, network, netns])
            .env("CNI_PATH", self.folders.bin())
            .env("NETCONFPATH", self.folders.networks())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .output()
            .unwrap();
        to_result(&output)
    }

    /// Runs `add` and returns the result.
    pub fn add(&self, network: &str, netns: &str) -> Result<Value, String> {
        let text = self.run("add", network, netns)?;
        serde_json::from_str(&text).map_err(|error| format!("{error}: {text}"))
    }
}
