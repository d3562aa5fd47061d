use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cnivpp::cni::Conf;
use cnivpp::netconf::NetConf;
use serde_json::{Value, json};

use crate::call::Call;

/// The kubeconfig that the agent keeps.
const KUBECONFIG: &str = "/etc/cni/net.d/userspace.d/userspace.kubeconfig";

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy")
}

/// Parses all documents of a file.
pub fn documents(file: &str) -> Vec<Value> {
    let text = fs::read_to_string(folder().join(file)).unwrap();
    serde_saphyr::from_multiple(&text).unwrap()
}

/// Returns the only document of a kind.
fn of_kind(kind: &str) -> Value {
    let mut all = documents("userspace.yaml").into_iter();
    all.find(|it| it["kind"] == kind).unwrap()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_str().unwrap())
        .collect()
}

#[test]
fn every_network_is_a_valid_configuration() {
    for network in documents("networks.yaml") {
        let config = network["spec"]["config"].as_str().unwrap();
        let conf = Conf::parse(config.as_bytes().to_vec()).unwrap();
        assert_eq!(conf.name, network["metadata"]["name"].as_str().unwrap());
        let parsed = NetConf::parse(&conf.object).unwrap();
        assert_eq!(parsed.kubeconfig, Some(KUBECONFIG.into()));
        assert_eq!(parsed.warnings, Vec::<String>::new());
    }
}

#[test]
fn every_pod_has_an_existing_network_and_the_volumes() {
    let networks: BTreeSet<String> = documents("networks.yaml")
        .iter()
        .map(|it| it["metadata"]["name"].as_str().unwrap().to_owned())
        .collect();
    let mut used = BTreeSet::new();
    for pod in documents("pods.yaml") {
        let network = &pod["metadata"]["annotations"]["k8s.v1.cni.cncf.io/networks"];
        let network = network.as_str().unwrap();
        assert!(networks.contains(network), "{pod}");
        used.insert(network.to_owned());
        let has_volume = pod["spec"]["volumes"]
            .as_array()
            .is_some_and(|it| it.iter().any(|it| it["name"] == "shared-dir"));
        assert_eq!(has_volume, network != "memif-abstract", "{pod}");
    }
    assert_eq!(used, networks);
}

/// The plugin sends GET and PATCH of pods, and PUT only where PATCH is refused.
#[test]
fn the_role_has_exactly_the_rights_that_the_plugin_uses() {
    let role = of_kind("ClusterRole");
    let rules = json!([{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "patch"]}]);
    assert_eq!(role["rules"], rules);
    let binding = of_kind("ClusterRoleBinding");
    let account = of_kind("ServiceAccount");
    assert_eq!(binding["roleRef"]["name"], role["metadata"]["name"]);
    for key in ["name", "namespace"] {
        assert_eq!(binding["subjects"][0][key], account["metadata"][key]);
    }
    let pod = &of_kind("DaemonSet")["spec"]["template"]["spec"];
    assert_eq!(pod["serviceAccountName"], account["metadata"]["name"]);
}

/// Returns the mounted path that contains `path`.
fn has_mount(container: &Value, path: &str) -> bool {
    let mounts = container["volumeMounts"].as_array().unwrap();
    let mut paths = mounts.iter().map(|it| it["mountPath"].as_str().unwrap());
    paths.any(|it| Path::new(path).starts_with(it))
}

#[test]
fn the_commands_of_the_daemon_set_exist_and_their_paths_are_mounted() {
    let pod = &of_kind("DaemonSet")["spec"]["template"]["spec"];
    let (install, agent) = (&pod["initContainers"][0], &pod["containers"][0]);
    for container in [install, agent] {
        let arguments = texts(&container["args"]);
        for path in arguments.iter().filter_map(|it| {
            let it = it.strip_prefix("unix:").unwrap_or(it);
            it.starts_with('/').then_some(it)
        }) {
            assert!(has_mount(container, path), "{path}");
        }
        // With --help, the program checks the names of commands and options before it.
        let help = Call::operator(arguments.iter().copied().chain(["--help"])).run();
        assert!(help.is_success(), "{help}");
        for option in arguments.iter().filter(|it| it.starts_with("--")) {
            assert!(help.stdout().contains(option), "{option}: {help}");
        }
    }
    for probe in ["livenessProbe", "readinessProbe"] {
        let command = texts(&agent[probe]["exec"]["command"]);
        assert_eq!(command[0], "/userspace");
        let listen = texts(&agent["args"]);
        assert!(listen.contains(&command[2]), "{command:?}");
        // No agent runs, so that the command fails after it has accepted its options.
        let reply = Call::operator(command[1..].iter().copied()).run();
        assert!(reply.stderr().contains("the agent at"), "{reply}");
    }
    assert!(texts(&agent["args"]).contains(&KUBECONFIG));
    let of_plugin = [
        NetConf::STATE_DIR,
        NetConf::KUBELET_ROOT,
        NetConf::VPP_SOCKET,
    ];
    // The agent releases addresses with these.
    let of_ipam = ["/opt/cni/bin/host-local", "/var/lib/cni/networks"];
    for path in of_plugin.into_iter().chain(of_ipam) {
        assert!(has_mount(agent, path), "{path}");
    }
}

/// Every mount has a volume with the path that the mount claims.
#[test]
fn mounts_show_the_same_paths_as_on_the_node() {
    let pod = &of_kind("DaemonSet")["spec"]["template"]["spec"];
    let volumes = pod["volumes"].as_array().unwrap();
    for container in ["initContainers", "containers"].map(|it| &pod[it][0]) {
        for mount in container["volumeMounts"].as_array().unwrap() {
            let volume = volumes
                .iter()
                .find(|it| it["name"] == mount["name"])
                .unwrap();
            let Some(host) = volume["hostPath"]["path"].as_str() else {
                continue;
            };
            let path = mount["mountPath"].as_str().unwrap();
            assert_eq!(path, host);
        }
    }
}
