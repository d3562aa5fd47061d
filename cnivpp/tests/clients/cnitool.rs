//! `cnitool` of the CNI project, which is libcni as a program.
//!
//! libcni keeps its cache in `/var/lib/cni`. So each call runs in a mount namespace of its own
//! with the node's folder in the place of `/var/lib`: nothing outside changes, and plugins that
//! keep their records there are isolated as well.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::node::Node;

/// One release of `cnitool` on a node.
pub struct Cnitool {
    program: PathBuf,
    node: Node,
    variables: Vec<(String, String)>,
}

impl Cnitool {
    /// The program on a node.
    pub fn new(program: &Path, node: Node) -> Self {
        Self {
            program: program.to_owned(),
            node,
            variables: Vec::new(),
        }
    }

    /// Sets an environment variable of `cnitool`, for example `CNI_ARGS` or `CAP_ARGS`.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The node.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Runs one command: `add`, `check`, `del`, `gc` or `status`.
    ///
    /// The result is what it printed: on stdout if it succeeded, else on stderr.
    pub fn run(&self, command: &str, network: &str, netns: &str) -> Result<String, String> {
        let mut unshare = Command::new("unshare");
        if !rustix::process::getuid().is_root() {
            unshare.arg("--map-root-user");
        }
        let output = unshare
            .arg("--mount")
            .args(["sh", "-c", r#"mount --bind "$0" /var/lib && exec "$@""#])
            .arg(self.node.var_lib())
            .arg(&self.program)
            .args([command, network, netns])
            .env("CNI_PATH", self.node.bin())
            .env("NETCONFPATH", self.node.networks())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() {
            Ok(text(&output.stdout))
        } else {
            Err(text(&output.stderr))
        }
    }

    /// Runs `add` and returns the result.
    pub fn add(&self, network: &str, netns: &str) -> Result<Value, String> {
        let text = self.run("add", network, netns)?;
        serde_json::from_str(&text).map_err(|error| format!("{error}: {text}"))
    }
}
