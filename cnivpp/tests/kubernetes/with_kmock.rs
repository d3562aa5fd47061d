//! The emulator of the API server in kmock (PyPI), which this project did not write. It speaks HTTP
//! without TLS.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::cluster::{Cluster, SANDBOX, pod};
use crate::node::with;

struct Kmock {
    child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Kmock {
    fn start(pod: &Value) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kubernetes/pod_server.py");
        let mut command = Command::new("python3");
        command.arg(script).arg(pod.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        Self {
            stdin: child.stdin.take().unwrap(),
            lines: BufReader::new(child.stdout.take().unwrap()).lines(),
            child,
        }
    }

    fn line(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }

    fn pod(&mut self) -> Value {
        self.stdin.write_all(b"\n").unwrap();
        serde_json::from_str(&self.line()).unwrap()
    }
}

impl Drop for Kmock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
#[ignore = "needs kmock (PyPI)"]
fn check_30_annotations_of_a_pod_kmock() {
    let cluster = Cluster::new();
    let before = pod("p", &[]);
    let mut kmock = Kmock::start(&before);
    let url = kmock.line();
    let kubeconfig = json!({
        "clusters": [{"name": "c", "cluster": {"server": url}}],
        "users": [{"name": "u", "user": {}}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x",
    });
    std::fs::write(cluster.kubeconfig(), kubeconfig.to_string()).unwrap();
    for name in ["net1", "net2"] {
        let added = cluster.add("p", name);
        assert!(added.is_success(), "{added}");
    }
    let text = kmock.pod()["metadata"]["annotations"]["userspace/configuration-data"].clone();
    let entries: Vec<Value> = serde_json::from_str(text.as_str().unwrap()).unwrap();
    let names: Vec<&Value> = entries.iter().map(|it| &it["ifName"]).collect();
    assert_eq!(names, ["net1", "net2"]);
    // The second DEL has only the record.
    cluster.del("p", "net1").assert_silent_success();
    let conf = with(&cluster.conf(), "kubeconfig", &Value::Null);
    let deleted = cluster.call("DEL", &conf, "p", SANDBOX, "net2").run();
    deleted.assert_silent_success();
    let after = kmock.pod();
    assert_eq!(
        after["metadata"]["annotations"],
        before["metadata"]["annotations"]
    );
    assert_eq!(after["spec"], before["spec"]);
    assert_eq!(after["status"], before["status"]);
    cluster.assert_clean();
}
