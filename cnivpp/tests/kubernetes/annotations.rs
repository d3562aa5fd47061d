use serde_json::{Value, json};

use crate::cluster::{Cluster, SANDBOX};

/// The sandbox after kubelet created it again.
const AGAIN: &str = "1111111111111111111111111111111111111111111111111111111111111111";

#[test]
fn check_30_one_entry_per_interface_k8s() {
    let cluster = Cluster::new();
    cluster.add_pod("p");
    for name in ["net1", "net2"] {
        assert!(cluster.add("p", name).is_success());
    }
    assert_eq!(cluster.if_names("p"), ["net1", "net2"]);

    // The sandbox is created again before DEL of the old one.
    let conf = cluster.conf();
    for name in ["net1", "net2"] {
        let again = cluster.call("ADD", &conf, "p", AGAIN, name).run();
        assert!(again.is_success(), "{again}");
    }
    assert_eq!(cluster.if_names("p"), ["net1", "net2"]);
    let ids = |entries: Vec<Value>| entries.iter().all(|it| it["containerId"] == AGAIN);
    assert!(ids(cluster.entries("p")));
    for name in ["net1", "net2"] {
        cluster.del("p", name).assert_silent_success();
    }
    assert_eq!(cluster.if_names("p"), ["net1", "net2"]);

    cluster
        .call("DEL", &conf, "p", AGAIN, "net1")
        .run()
        .assert_silent_success();
    assert_eq!(cluster.if_names("p"), ["net2"]);
    cluster
        .call("DEL", &conf, "p", AGAIN, "net2")
        .run()
        .assert_silent_success();
    let left = cluster.server.annotations("p");
    assert_eq!(left, json!({"k8s.v1.cni.cncf.io/networks": "net"}));
    cluster.assert_clean();
}

/// app-netutil joins mapped-dir and socketfile, and reads `ips[].version`. It skips an annotation with
/// a second `=` in the line of the Downward API.
#[test]
fn check_32_the_rules_of_app_netutil_k8s() {
    let cluster = Cluster::new();
    cluster.add_pod("p");
    assert!(cluster.add("p", "net1").is_success());
    let annotations = cluster.server.annotations("p");
    assert_eq!(annotations["userspace/mapped-dir"], "/shared/");
    let text = annotations["userspace/configuration-data"]
        .as_str()
        .unwrap();
    assert!(!text.contains('='), "{text}");
    assert!(
        text.starts_with("[\n    {\n        \"containerId\""),
        "{text}"
    );
    let entry = &cluster.entries("p")[0];
    let memif = &entry["config"]["memif"];
    let name = memif["socketfile"].as_str().unwrap();
    assert!(cluster.empty_dir("p").join(name).exists());
    assert_eq!(memif["role"], "slave");
    assert_eq!(entry["ipResult"]["ips"][0]["version"], "4");
    assert_eq!(entry["config"]["engine"], "vpp");
    assert_eq!(entry["containerId"], SANDBOX);
}

#[test]
fn the_secret_of_a_memif_is_only_in_files() {
    const SECRET: &str = "do-not-publish";
    let cluster = Cluster::new();
    let folder = cluster.add_pod("p");
    let mut conf = cluster.conf();
    conf["host"]["memif"]["secret"] = json!(SECRET);
    let added = cluster.call("ADD", &conf, "p", SANDBOX, "net1").run();
    assert!(added.is_success(), "{added}");
    assert!(!cluster.server.text("p").contains(SECRET));
    let files = folder.read_dir().unwrap().map(|it| it.unwrap().path());
    let mut config = files.filter(|it| it.extension().is_some_and(|it| it == "json"));
    let text = std::fs::read_to_string(config.next().unwrap()).unwrap();
    assert!(text.contains(SECRET));
}

/// Entries of other programs stay, byte for byte.
#[test]
fn entries_of_others_are_kept() {
    const OTHER: &str = r#"{ "ifName":"ovs0", "x":1.50,"containerId":"other" }"#;
    let cluster = Cluster::new();
    let mut pod = crate::cluster::pod("p", &[]);
    pod["metadata"]["annotations"]["userspace/configuration-data"] = json!(format!("[{OTHER}]"));
    pod["metadata"]["annotations"]["userspace/mapped-dir"] = json!("/old");
    cluster.server.put("p", &pod.to_string());
    assert!(cluster.add("p", "net1").is_success());
    assert_eq!(cluster.if_names("p"), ["ovs0", "net1"]);
    cluster.del("p", "net1").assert_silent_success();
    let annotations = cluster.server.annotations("p");
    let text = annotations["userspace/configuration-data"]
        .as_str()
        .unwrap();
    assert_eq!(text, format!("[\n    {OTHER}\n]"));
}

#[test]
fn an_annotation_that_is_not_a_list_is_kept() {
    let cluster = Cluster::new();
    let mut pod = crate::cluster::pod("p", &[]);
    pod["metadata"]["annotations"]["userspace/configuration-data"] = json!("hello");
    cluster.server.put("p", &pod.to_string());
    let error = cluster.add("p", "net1").error();
    assert_eq!(error["code"], 7, "{error}");
    assert!(
        error["details"].as_str().unwrap().contains("undone"),
        "{error}"
    );
    assert_eq!(
        cluster.server.annotations("p")["userspace/configuration-data"],
        "hello"
    );
    cluster.assert_clean();
}

/// The pod has one annotation for the folder of all sockets.
#[test]
fn interfaces_of_one_pod_need_one_folder() {
    let cluster = Cluster::new();
    cluster.add_pod("p");
    assert!(cluster.add("p", "net1").is_success());
    cluster.add_plain_pod("p");
    let mut pod = crate::cluster::pod("p", &[]);
    pod["metadata"]["annotations"] = cluster.server.annotations("p");
    let entry = json!([{"ifName": "net1", "containerId": SANDBOX}]).to_string();
    pod["metadata"]["annotations"]["userspace/configuration-data"] = json!(entry);
    pod["metadata"]["annotations"]["userspace/mapped-dir"] = json!("/shared/");
    cluster.server.put("p", &pod.to_string());
    let error = cluster.add("p", "net2").error();
    assert_eq!(error["code"], 7, "{error}");
    assert!(
        error["msg"].as_str().unwrap().contains("mapped-dir"),
        "{error}"
    );
}

#[test]
fn annotations_over_the_limit_of_kubernetes_are_rejected() {
    let cluster = Cluster::new();
    let mut pod = crate::cluster::pod("p", &[]);
    pod["metadata"]["annotations"]["large"] = json!("x".repeat(262_000));
    cluster.server.put("p", &pod.to_string());
    let error = cluster.add("p", "net1").error();
    assert_eq!(error["code"], 7, "{error}");
    assert!(error["msg"].as_str().unwrap().contains("262144"), "{error}");
    assert_eq!(cluster.server.methods(), ["GET", "GET"]);
    cluster.assert_clean();
}
