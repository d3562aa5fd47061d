//! A node's folders, with plugins and networks.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

/// The programs with this name in the folders of `CNI_TEST_BIN`, those of `PATH` and
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

/// A node: plugins, networks and an empty `/var/lib`, in a temporary folder.
pub struct Node(TempDir);

impl Node {
    /// A node without plugins and networks.
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

    /// Adds a network, or replaces it: the configuration of a list of plugins.
    pub fn network(self, list: &Value) -> Self {
        let name = list["name"].as_str().unwrap();
        let file = self.networks().join(format!("{name}.conflist"));
        fs::write(file, list.to_string()).unwrap();
        self
    }

    /// The folder of the plugins.
    pub fn bin(&self) -> PathBuf {
        self.0.path().join("bin")
    }

    /// The folder of the networks' configurations.
    pub fn networks(&self) -> PathBuf {
        self.0.path().join("net.d")
    }

    /// What runtimes and plugins see as `/var/lib`.
    pub fn var_lib(&self) -> PathBuf {
        self.0.path().join("lib")
    }

    /// A folder for what else a runtime needs.
    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    /// How many addresses `host-local` has allocated in a network.
    pub fn allocated(&self, network: &str) -> usize {
        let folder = self.var_lib().join("cni/networks").join(network);
        let Ok(files) = folder.read_dir() else {
            return 0;
        };
        let names = files.map(|it| it.unwrap().file_name());
        // The others are "lock" and "last_reserved_ip".
        names
            .filter(|it| !it.to_string_lossy().starts_with('l'))
            .count()
    }
}
