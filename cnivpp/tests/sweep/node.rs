//! A node in a temporary folder: the simulator, the plugin's state, an IPAM plugin.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use vpp_sim::{Release, Sim, SimThread};

/// The result of the helpers.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// An IPAM plugin that keeps one file per attachment, so that a leaked address is detected.
const IPAM: &str = r#"#!/bin/sh
file="$IPAM_DIR/$CNI_CONTAINERID-$CNI_IFNAME"
case $CNI_COMMAND in
ADD)
    echo > "$file"
    echo '{"cniVersion":"1.0.0","ips":[
        {"address":"10.1.0.5/24","gateway":"10.1.0.1"},
        {"address":"2001:db8::5/64","gateway":"2001:db8::1"}]}'
    ;;
DEL) rm -f "$file" ;;
VERSION) echo '{"cniVersion":"1.0.0","supportedVersions":["1.0.0"]}' ;;
esac
"#;

/// A node with one simulated VPP.
pub struct Node {
    pub sim: SimThread,
    folder: tempfile::TempDir,
    conf: Value,
}

impl Node {
    /// A node whose network has `host` in its configuration.
    pub fn new(release: Release, host: &Value) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("sweep-").tempdir()?;
        let sim = Sim::builder().release(release).start_thread()?;
        let path = |name: &str| folder.path().join(name);
        for name in ["bin", "ipam", "shared"] {
            fs::create_dir(path(name))?;
        }
        fs::write(path("bin/ipam"), IPAM)?;
        fs::set_permissions(path("bin/ipam"), fs::Permissions::from_mode(0o755))?;
        fs::write(path("netns"), "")?;
        let conf = json!({
            "cniVersion": "1.0.0",
            "name": "sweep",
            "type": "userspace",
            "vppSocket": sim.socket(),
            "stateDir": path("state"),
            "sharedDir": path("shared"),
            "logLevel": "info",
            "host": host,
            "container": {},
            "ipam": {"type": "ipam"},
        });
        Ok(Self { sim, folder, conf })
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command that runs a program with the environment of the plugin, for one attachment.
    pub fn command(&self, program: &Path, verb: &str, container: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("CNI_COMMAND", verb)
            .env("CNI_CONTAINERID", container)
            .env("CNI_IFNAME", "net1")
            .env("CNI_NETNS", self.path("netns"))
            .env("CNI_PATH", self.path("bin"))
            .env("IPAM_DIR", self.path("ipam"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Calls the plugin.
    pub fn call(&self, verb: &str, container: &str) -> Result<Output> {
        self.call_within(verb, container, 60)
    }

    /// Calls the plugin with a deadline in seconds.
    pub fn call_within(&self, verb: &str, container: &str, seconds: u32) -> Result<Output> {
        let program = Path::new(env!("CARGO_BIN_EXE_userspace"));
        self.run(self.command(program, verb, container), seconds)
    }

    /// Runs a command with the configuration on stdin.
    pub fn run(&self, mut command: Command, seconds: u32) -> Result<Output> {
        let mut conf = self.conf.clone();
        conf["timeoutSeconds"] = seconds.into();
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // This fails if the plugin is killed.
            let _ = stdin.write_all(conf.to_string().as_bytes());
        }
        Ok(child.wait_with_output()?)
    }

    /// The state that must be restored: VPP, files, addresses.
    pub fn holdings(&self) -> Result<String> {
        let mut files = BTreeMap::new();
        list(self.folder.path(), &mut files)?;
        let files: Vec<String> = files
            .into_iter()
            .map(|(path, kind)| format!("{path} {kind}"))
            .collect();
        Ok(format!(
            "{}\n{}",
            self.sim.state().holdings(),
            files.join("\n")
        ))
    }
}

/// Lists all files below a folder, except for locks, the boot ID, and folders that are kept.
fn list(folder: &Path, files: &mut BTreeMap<String, &'static str>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let kind = entry.file_type()?;
        let name = path.display().to_string();
        if kind.is_dir() {
            let is_kept = [
                "state",
                "data",
                "pending",
                "locks",
                "shared",
                "ipam",
                "bin",
                ".temporary",
            ]
            .iter()
            .any(|it| path.ends_with(it));
            if !is_kept {
                files.insert(name, "folder");
            }
            list(&path, files)?;
        } else if !name.contains("/locks/")
            && !name.ends_with(".lock")
            && !name.ends_with("boot.json")
        {
            files.insert(name, "file");
        }
    }
    Ok(())
}
