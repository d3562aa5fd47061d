//! The folders of a container runtime: plugins, networks and `/var/lib`.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// Finds the programs with this name in the folders of `CNI_TEST_BIN`, of `PATH` and in
/// `/usr/lib/cni`, in this order.
pub fn programs(name: &str) -> Vec<PathBuf> {
    let lists = ["CNI_TEST_BIN", "PATH"].map(|name| env::var_os(name).unwrap_or_default());
    let folders = lists.iter().flat_map(env::split_paths);
    let folders = folders.chain(["/usr/lib/cni".into()]);
    let mut found: Vec<PathBuf> = folders.map(|it| it.join(name)).collect();
    found.retain(|it| it.is_file());
    found.dedup();
    let hint = "set CNI_TEST_BIN to its folder";
    assert!(!found.is_empty(), "{name} is not installed; {hint}");
    found
}

/// Plugins, networks and an empty `/var/lib` in a temporary folder.
pub struct RuntimeFolders(TempDir);

impl RuntimeFolders {
    /// Creates the folders without plugins and networks.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["bin", "net.d", "lib"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self(folder)
    }

    /// Installs a plugin under a name.
    pub fn install(self, name: &str, program: &Path) -> Self {
        assert!(program.is_file(), "{} was not built", program.display());
        fs::copy(program, self.bin().join(name)).unwrap();
        self
    }

    /// Adds or replaces a network with a list of plugins.
    pub fn network(self, list: &Value) -> Self {
        let name = list["name"].as_str().unwrap();
        let file = self.networks().join(format!("{name}.conflist"));
        fs::write(file, list.to_string()).unwrap();
        self
    }

    /// Returns the folder of the plugins.
    pub fn bin(&self) -> PathBuf {
        self.0.path().join("bin")
    }

    /// Returns the folder of the network configurations.
    pub fn networks(&self) -> PathBuf {
        self.0.path().join("net.d")
    }

    /// Returns the folder that runtimes and plugins see as `/var/lib`.
    pub fn var_lib(&self) -> PathBuf {
        self.0.path().join("lib")
    }

    /// Returns the folder that contains the others.
    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    /// Counts the addresses that `host-local` allocated in a network.
    pub fn allocated(&self, network: &str) -> usize {
        let folder = self.var_lib().join("cni/networks").join(network);
        let Ok(files) = folder.read_dir() else {
            return 0;
        };
        let names = files.map(|it| it.unwrap().file_name());
        // The other files are "lock" and "last_reserved_ip".
        names
            .filter(|it| !it.to_string_lossy().starts_with('l'))
            .count()
    }

    /// Runs a script in new mount and process namespaces, which end with it, for at most two
    /// minutes. `setup` is a shell script that starts the runtime and then runs the script. In
    /// both, `$root` is a root file system with only `/bin/sh` and `/bin/sleep`.
    ///
    /// Returns stdout, or stdout and stderr if the script fails.
    pub fn run_in_namespaces(
        &self,
        setup: &str,
        script: &str,
        path: &OsStr,
    ) -> Result<String, String> {
        let file = self.folder().join("setup.sh");
        fs::write(&file, format!("{}{setup}", include_str!("rootfs.sh"))).unwrap();
        let output = Command::new("unshare")
            .args(["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"])
            .args(["timeout", "120", "bash"])
            .arg(file)
            .args([self.folder().as_os_str(), script.as_ref()])
            .env("PATH", path)
            .output()
            .unwrap();
        to_result(&output)
    }
}

/// Returns the stdout of a program, or stdout and stderr if it failed.
pub fn to_result(output: &Output) -> Result<String, String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(text(&output.stdout) + &text(&output.stderr))
    }
}
