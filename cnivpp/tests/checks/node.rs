//! A node for a test: folders, a simulated VPP and an IPAM plugin.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;
use vpp_bindings::client::Client;
use vpp_sim::{Sim, SimThread};

use crate::call::{Call, Reply};
use crate::snapshot::Snapshot;

/// A node. Its paths are short, because VPP accepts at most 106 bytes for a socket.
pub struct Node {
    pub sim: Vpp,
    /// The objects on VPP at the start.
    initial: String,
    folder: TempDir,
}

impl Node {
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("cni-").tempdir();
        let folder = folder.unwrap();
        let path = folder.path();
        // A temporary folder has mode 0700, but pods of other users must reach its content.
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        for name in ["bin", "ns", "ipam", "vpp"] {
            fs::create_dir(path.join(name)).unwrap();
        }
        let socket = path.join("vpp/api.sock");
        let sim = Vpp(Some(start(&socket)));
        let initial = sim.state().holdings();
        let node = Self {
            sim,
            initial,
            folder,
        };
        node.install("test-ipam", include_str!("ipam.sh"));
        node
    }

    /// Installs a script as a plugin.
    pub fn install(&self, name: &str, script: &str) {
        let path = self.path("bin").join(name);
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Stops VPP. Its socket files stay, as after a crash.
    pub fn stop_vpp(&mut self) {
        self.sim.0 = None;
    }

    /// Starts VPP without objects.
    pub fn start_vpp(&mut self) {
        self.sim.0 = Some(start(&self.path("vpp/api.sock")));
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Returns a path that represents a network namespace. The plugin reads only its identity.
    pub fn netns(&self, container: &str) -> PathBuf {
        let path = self.path("ns").join(container);
        if !path.exists() {
            fs::write(&path, "").unwrap();
        }
        path
    }

    /// Creates a configuration in version 1.0.0 without IPAM and sharedDir.
    pub fn conf(&self, host: &Value) -> Value {
        json!({
            "cniVersion": "1.0.0",
            "name": "net",
            "type": "userspace",
            "stateDir": self.text("s"),
            "vppSocket": self.path("vpp/api.sock"),
            "host": host,
            "container": {},
        })
    }

    /// Creates a configuration with a memif master in bridge domain 4 and the test's IPAM.
    pub fn bridged(&self) -> Value {
        let mut conf = self.conf(&memif(
            &json!({"netType": "bridge", "bridge": {"bridgeName": "4"}}),
        ));
        conf["ipam"] = json!({"type": "test-ipam"});
        conf
    }

    /// Creates a configuration with a routed memif master and the test's IPAM.
    pub fn routed(&self) -> Value {
        let mut conf = self.conf(&memif(&json!({"netType": "interface"})));
        conf["ipam"] = json!({"type": "test-ipam", "ipv6": true});
        conf
    }

    /// Creates a call for an attachment.
    pub fn call(&self, verb: &str, conf: &Value, container: &str, if_name: &str) -> Call {
        Call::new(verb)
            .with("CNI_PATH", self.path("bin"))
            .with("CNI_CONTAINERID", container)
            .with("CNI_IFNAME", if_name)
            .with("CNI_NETNS", self.netns(container))
            .stdin(conf.to_string())
    }

    pub fn add(&self, conf: &Value, container: &str) -> Value {
        self.call("ADD", conf, container, "net1").run().result()
    }

    pub fn del(&self, conf: &Value, container: &str) {
        self.call("DEL", conf, container, "net1")
            .run()
            .assert_silent_success();
    }

    /// Runs CHECK with the result of ADD.
    pub fn check(&self, conf: &Value, container: &str, result: &Value) -> Reply {
        let conf = with(conf, "prevResult", result);
        self.call("CHECK", &conf, container, "net1").run()
    }

    /// Runs GC or STATUS.
    pub fn node_call(&self, verb: &str, conf: &Value) -> Reply {
        let call = Call::new(verb).with("CNI_PATH", self.path("bin"));
        call.stdin(conf.to_string()).run()
    }

    /// Runs a command of an operator.
    pub fn operator(&self, arguments: &[&str]) -> Reply {
        let state = self.text("s");
        let socket = self.sim.socket().to_str().unwrap().to_owned();
        let common = ["--state-dir", &state, "--socket", &socket];
        Call::operator(arguments.iter().chain(&common).copied()).run()
    }

    /// Runs requests as another client of VPP.
    pub fn on_vpp<T>(&self, work: impl AsyncFnOnce(&Client) -> T) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let builder = Client::builder().socket(self.path("vpp/api.sock"));
            let client = cnivpp::api::infra::connect(builder).await.unwrap();
            let done = work(&client).await;
            client.disconnect().await;
            done
        })
    }

    /// Lists the objects on VPP.
    pub fn vpp(&self) -> String {
        self.sim.state().holdings()
    }

    /// Returns all files except lock files and the boot ID, which always stay.
    pub fn files(&self) -> Snapshot {
        Snapshot::of(self.folder.path(), |path| {
            let name = path.to_string_lossy();
            let is_lock = name.contains("/.store-") && name.ends_with(".lock");
            let fixed = [
                "bin",
                "vpp/api.sock",
                "s/locks",
                "s/pending/boot.json",
                "ns",
            ];
            is_lock || fixed.contains(&name.as_ref())
        })
    }

    /// Returns the files, except the folders that always stay.
    pub fn left(&self) -> Vec<String> {
        let files = self.files();
        let left = files.names().filter(|it| !is_permanent(it));
        left.map(str::to_owned).collect()
    }

    /// Counts the allocated addresses.
    pub fn allocated(&self) -> usize {
        self.path("ipam").read_dir().unwrap().count()
    }

    /// Asserts that no object, address or file of an attachment is left.
    pub fn assert_clean(&self) {
        assert_eq!(self.vpp(), self.initial);
        assert_eq!(self.allocated(), 0);
        assert_eq!(self.left(), Vec::<String>::new());
        assert_eq!(self.sim.crashes(), Vec::<String>::new());
    }
}

/// The VPP of a node. It must not be used while it is stopped.
pub struct Vpp(Option<SimThread>);

impl std::ops::Deref for Vpp {
    type Target = Sim;

    fn deref(&self) -> &Sim {
        self.0.as_ref().unwrap()
    }
}

fn start(socket: &Path) -> SimThread {
    // With the same seed, both runs of a VPP choose the same MAC addresses.
    let builder = Sim::builder().socket(socket).seed(1);
    builder.start_thread().unwrap()
}

/// Whether a folder stays when nothing is attached.
fn is_permanent(name: &str) -> bool {
    const NAMES: [&str; 10] = [
        "ipam",
        "vpp",
        "s",
        "s/data",
        "s/data/.temporary",
        "s/links",
        "s/pending",
        "s/pending/.temporary",
        "s/shared",
        "sh",
    ];
    NAMES.contains(&name)
}

/// Creates a memif master with additional keys.
pub fn memif(more: &Value) -> Value {
    let memif = json!({"engine": "vpp", "iftype": "memif", "memif": {"role": "master"}});
    merge(memif, more)
}

/// Copies a configuration and replaces one key.
pub fn with(conf: &Value, key: &str, value: &Value) -> Value {
    let mut conf = conf.clone();
    conf[key] = value.clone();
    conf
}

/// Merges the keys of an object into another, recursively.
pub fn merge(mut to: Value, from: &Value) -> Value {
    for (key, value) in from.as_object().unwrap() {
        to[key] = match to.get(key) {
            Some(old) if old.is_object() && value.is_object() => merge(old.clone(), value),
            _ => value.clone(),
        };
    }
    to
}
