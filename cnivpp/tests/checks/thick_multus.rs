//! The conditions of a delegate of a thick Multus: a mount namespace of its own from which no mount
//! reaches the node, a chroot, and 50 MiB of memory for all delegates together.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::call::Call;
use crate::node::{Node, with};
use crate::paths::{UID, conf, empty_dir, links, sockets};
use crate::peers::has_namespaces;

/// The memory limit of Multus's DaemonSet, in bytes.
const LIMIT: u64 = 50 << 20;

/// A memory cgroup. It is removed when it is dropped.
struct Cgroup {
    folder: PathBuf,
    is_v2: bool,
}

impl Cgroup {
    fn new() -> Self {
        let v1 = Path::new("/sys/fs/cgroup/memory");
        let is_v2 = !v1.is_dir();
        let parent = if is_v2 {
            Path::new("/sys/fs/cgroup")
        } else {
            v1
        };
        let folder = parent.join(format!("cnivpp-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        let cgroup = Self { folder, is_v2 };
        let limit = cgroup.file("memory.limit_in_bytes", "memory.max");
        fs::write(limit, LIMIT.to_string()).unwrap();
        cgroup
    }

    fn file(&self, v1: &str, v2: &str) -> PathBuf {
        self.folder.join(if self.is_v2 { v2 } else { v1 })
    }

    /// The number of processes that the kernel killed because of the limit.
    fn killed(&self) -> u64 {
        let text = fs::read_to_string(self.file("memory.oom_control", "memory.events")).unwrap();
        let mut lines = text.lines().filter_map(|it| it.strip_prefix("oom_kill "));
        lines.next().unwrap().parse().unwrap()
    }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        // The kernel removes it only after the last process has exited.
        let _ = fs::remove_dir(&self.folder);
    }
}

/// Runs a call in the cgroup, in a chroot that is a copy of the node's mounts.
fn as_delegate(call: Call, cgroup: &Cgroup, root: &Path) -> Call {
    let (procs, root) = (cgroup.folder.join("cgroup.procs"), root.display());
    let script = format!(
        "set -e
        echo $$ > {}
        mount --make-rprivate /
        mount --rbind / {root}
        exec chroot {root} \"$0\" \"$@\"",
        procs.display()
    );
    call.after(&script, true)
}

#[test]
#[ignore = "needs root, and memory cgroups"]
fn check_27_a_delegate_of_a_thick_multus_direct() {
    if !has_namespaces() {
        return;
    }
    let node = Node::new();
    let (folder, root, cgroup) = (empty_dir(&node, UID), node.path("root"), Cgroup::new());
    for path in [&folder, &root] {
        fs::create_dir_all(path).unwrap();
    }
    let conf = conf(&node, &folder, &node.bridged()["host"]);
    let conf = with(&conf, "ipam", &json!({"type": "test-ipam"}));
    let call = |verb, n: usize| {
        let call = node.call(verb, &conf, &format!("box{n}"), "net1");
        as_delegate(call, &cgroup, &root).start()
    };
    let all: Vec<_> = (0..16).map(|n| call("ADD", n)).collect();
    for running in all {
        let reply = running.wait();
        assert!(reply.is_success(), "{reply}");
    }
    assert_eq!(sockets(&folder).len(), 16);
    assert_eq!(links(&node).len(), 16);
    let all: Vec<_> = (0..16).map(|n| call("DEL", n)).collect();
    for running in all {
        running.wait().assert_silent_success();
    }
    assert_eq!(cgroup.killed(), 0);
    for name in ["kubelet", "root"] {
        fs::remove_dir_all(node.path(name)).unwrap();
    }
    node.assert_clean();
}
