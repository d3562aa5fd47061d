use std::os::unix::fs::FileTypeExt;

use cnivpp::api::memif;
use serde_json::{Value, json};

use crate::cluster::{Cluster, SANDBOX, pod, uid};

#[test]
fn check_27_the_shared_dir_of_a_pod_holds_socket_and_configuration_k8s() {
    let cluster = Cluster::new();
    let host = cluster.node.path("pods");
    let volume = json!({"name": "shared-dir", "hostPath": {"path": host}});
    cluster
        .server
        .put("host", &pod("host", &[volume]).to_string());
    let empty = cluster.add_pod("empty");
    for (name, folder) in [("empty", &empty), ("host", &host)] {
        let result = cluster.add(name, "net1");
        assert!(result.is_success(), "{result}");
        let entries = folder.read_dir().unwrap().map(Result::unwrap);
        let (sockets, files): (Vec<_>, Vec<_>) =
            entries.partition(|it| it.file_type().unwrap().is_socket());
        assert_eq!((sockets.len(), files.len()), (1, 1), "{name}");
        let device = &cluster.entries(name)[0]["vpp"]["socket"];
        let file = sockets[0].file_name().into_string().unwrap();
        assert_eq!(device, &json!(format!("/shared/{file}")));
        cluster.del(name, "net1").assert_silent_success();
        assert_eq!(folder.read_dir().unwrap().count(), 0, "{name}");
    }
    std::fs::remove_dir(host).unwrap();
    cluster.assert_clean();
}

#[test]
fn check_27_an_abstract_socket_is_handed_over_by_name_k8s() {
    let cluster = Cluster::new();
    cluster.add_plain_pod("p");
    let mut conf = cluster.conf();
    conf["host"]["memif"]["socketType"] = json!("abstract");
    conf["host"]["memif"]["socketfile"] = json!("m");
    let added = cluster.call("ADD", &conf, "p", SANDBOX, "net1").run();
    assert!(added.is_success(), "{added}");
    let entry = &cluster.entries("p")[0];
    assert_eq!(entry["config"]["memif"]["socketfile"], "abstract:m");
    assert_eq!(entry["vpp"]["socket"], "abstract:m");
    cluster
        .call("DEL", &conf, "p", SANDBOX, "net1")
        .run()
        .assert_silent_success();
    cluster.assert_clean();
}

/// The runtime passes the UID that kubelet derived from the manifest. The mirror pod has another one.
#[test]
fn static_pods_are_known_by_their_mirror_k8s() {
    let cluster = Cluster::new();
    let folder = cluster.add_pod("p");
    let mut mirror: Value = serde_json::from_str(&cluster.server.text("p")).unwrap();
    mirror["metadata"]["uid"] = json!("5b2c3b7e-5d0e-4d5b-9a53-mirror");
    cluster.server.put("p", &mirror.to_string());
    let error = cluster.add("p", "net1").error();
    assert_eq!(error["code"], 11, "{error}");

    mirror["metadata"]["annotations"]["kubernetes.io/config.mirror"] = json!(uid("p"));
    cluster.server.put("p", &mirror.to_string());
    let added = cluster.add("p", "net1");
    assert!(added.is_success(), "{added}");
    assert_eq!(cluster.if_names("p"), ["net1"]);
    let has_socket = folder.read_dir().unwrap().count() == 2;
    assert!(has_socket, "kubelet names the folder after the static pod");
    cluster.del("p", "net1").assert_silent_success();
    assert_eq!(cluster.if_names("p"), [""; 0]);
    cluster.assert_clean();
}

#[test]
fn unusable_volumes_are_code_7() {
    let cluster = Cluster::new();
    let volume = json!({"name": "shared-dir", "persistentVolumeClaim": {"claimName": "c"}});
    cluster.server.put("p", &pod("p", &[volume]).to_string());
    let error = cluster.add("p", "net1").error();
    assert_eq!(error["code"], 7, "{error}");
    assert!(
        error["msg"]
            .as_str()
            .unwrap()
            .contains("persistentVolumeClaim"),
        "{error}"
    );
    assert_eq!(cluster.server.methods(), ["GET"]);
    cluster.assert_clean();
}

/// The Go plugin puts its sockets into the pod's volume.
#[test]
fn del_removes_an_attachment_of_the_go_plugin_with_a_shared_dir() {
    let cluster = Cluster::new();
    let (node, host) = (&cluster.node, cluster.node.path("pods"));
    let volume = json!({"name": "shared-dir", "hostPath": {"path": host}});
    cluster.server.put("p", &pod("p", &[volume]).to_string());
    std::fs::create_dir_all(&host).unwrap();
    std::fs::create_dir_all(node.path("s/data")).unwrap();
    let start = &SANDBOX[..12];
    let socket = host.join(format!("memif-{start}-net1.sock"));
    let index = node.on_vpp(async |client| {
        let socket = socket.to_str().unwrap();
        let socket_id = memif::add_socket(client, None, socket).await.unwrap();
        let create = memif::Create {
            socket_id,
            ..Default::default()
        };
        memif::create(client, &create).await.unwrap().0
    });
    let record = node.path("s/data").join(format!("local-{start}-net1.json"));
    let text = json!({"swIfIndex": index, "memifSocketId": 1}).to_string();
    std::fs::write(&record, text).unwrap();
    cluster.del("p", "net1").assert_silent_success();
    assert_eq!(node.sim.state().memifs().count(), 0);
    assert!(!record.exists() && !socket.exists());
}
