//! A node with an API server, a kubeconfig and pods.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::call::{Call, Reply};
use crate::node::{Node, with};
use crate::server::{Server, TOKEN};

/// The sandbox of a pod, in the format of containerd.
pub const SANDBOX: &str = "0958c8871b32f00d0958c8871b32f00d0958c8871b32f00d0958c8871b32f00d";

pub struct Cluster {
    pub node: Node,
    pub server: Server,
}

impl Cluster {
    pub fn new() -> Self {
        let cluster = Self {
            node: Node::new(),
            server: Server::start(),
        };
        let user = json!({"token": TOKEN});
        cluster.write_kubeconfig(&user);
        cluster
    }

    pub fn kubeconfig(&self) -> PathBuf {
        self.node.path("kubeconfig")
    }

    pub fn write_kubeconfig(&self, user: &Value) {
        let ca = self.node.path("ca.pem");
        fs::write(&ca, &self.server.ca).unwrap();
        let address = self.server.address;
        let kubeconfig = json!({
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "c", "cluster": {
                "server": format!("https://{address}"),
                "certificate-authority": ca,
            }}],
            "users": [{"name": "u", "user": user}],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
            "current-context": "x",
        });
        fs::write(self.kubeconfig(), kubeconfig.to_string()).unwrap();
    }

    /// A configuration with the kubeconfig, a memif in bridge domain 4 and an address.
    pub fn conf(&self) -> Value {
        let conf = with(
            &self.node.bridged(),
            "kubeconfig",
            &json!(self.kubeconfig()),
        );
        let conf = with(&conf, "timeoutSeconds", &json!(10));
        with(&conf, "kubeletRoot", &json!(self.node.path("kubelet")))
    }

    /// Stores a pod with a volume `shared-dir` on `/shared`, and creates the emptyDir.
    pub fn add_pod(&self, name: &str) -> PathBuf {
        let volume = json!({"name": "shared-dir", "emptyDir": {}});
        self.server.put(name, &pod(name, &[volume]).to_string());
        let folder = self.empty_dir(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Stores a pod without volumes.
    pub fn add_plain_pod(&self, name: &str) {
        self.server.put(name, &pod(name, &[]).to_string());
    }

    pub fn empty_dir(&self, name: &str) -> PathBuf {
        let volumes = format!("kubelet/pods/{}/volumes", uid(name));
        self.node
            .path(&volumes)
            .join("kubernetes.io~empty-dir/shared-dir")
    }

    /// Creates a call as Multus makes it.
    pub fn call(&self, verb: &str, conf: &Value, pod: &str, sandbox: &str, if_name: &str) -> Call {
        let uid = uid(pod);
        let args = format!(
            "IgnoreUnknown=true;K8S_POD_NAMESPACE=default;K8S_POD_NAME={pod};\
             K8S_POD_INFRA_CONTAINER_ID={sandbox};K8S_POD_UID={uid}"
        );
        self.node
            .call(verb, conf, sandbox, if_name)
            .with("CNI_ARGS", args)
    }

    pub fn add(&self, pod: &str, if_name: &str) -> Reply {
        self.call("ADD", &self.conf(), pod, SANDBOX, if_name).run()
    }

    pub fn del(&self, pod: &str, if_name: &str) -> Reply {
        self.call("DEL", &self.conf(), pod, SANDBOX, if_name).run()
    }

    /// Returns the entries of the annotation.
    pub fn entries(&self, pod: &str) -> Vec<Value> {
        let annotations = self.server.annotations(pod);
        let text = annotations["userspace/configuration-data"].as_str();
        text.map_or_else(Vec::new, |it| serde_json::from_str(it).unwrap())
    }

    /// Returns the interface names of the entries, in their order.
    pub fn if_names(&self, pod: &str) -> Vec<String> {
        let entries = self.entries(pod);
        let names = entries
            .iter()
            .map(|it| it["ifName"].as_str().unwrap().to_owned());
        names.collect()
    }

    /// Asserts that nothing of any attachment is left on the node.
    pub fn assert_clean(&self) {
        for name in [
            "kubelet",
            "ca.pem",
            "kubeconfig",
            "client.pem",
            "client.key",
            "token",
        ] {
            let path = self.node.path(name);
            if path.is_dir() {
                fs::remove_dir_all(path).unwrap();
            } else if path.exists() {
                fs::remove_file(path).unwrap();
            }
        }
        self.node.assert_clean();
    }
}

pub fn uid(pod: &str) -> String {
    format!("0f2c3b7e-5d0e-4d5b-9a53-{pod}")
}

pub fn pod(name: &str, volumes: &[Value]) -> Value {
    let mounts: Vec<Value> = volumes
        .iter()
        .map(|it| json!({"name": it["name"], "mountPath": "/shared"}))
        .collect();
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": "default",
            "uid": uid(name),
            "resourceVersion": "1",
            "annotations": {"k8s.v1.cni.cncf.io/networks": "net"},
        },
        "spec": {
            "volumes": volumes,
            "containers": [{"name": "main", "volumeMounts": mounts}],
        },
        "status": {"phase": "Pending", "fieldOfALaterRelease": {"x": 1}},
    })
}
