use http::Method;
use serde_json::json;

use crate::cluster::{Cluster, SANDBOX, uid};
use crate::server::Fault;

#[test]
fn check_31_two_conflicts_and_then_success_k8s() {
    let cluster = Cluster::new();
    cluster.add_pod("p");
    cluster.server.fail(&Method::PATCH, Fault::Status(409), 2);
    assert!(cluster.add("p", "net1").is_success());
    let expected = ["GET", "PATCH", "GET", "PATCH", "GET", "PATCH"];
    assert_eq!(cluster.server.methods(), expected);
    assert_eq!(cluster.if_names("p"), ["net1"]);
}

/// Multus's role may update pods, but not patch them. A PUT must not lose what this release does not
/// know.
#[test]
fn check_31_a_put_keeps_every_other_byte_k8s() {
    let cluster = Cluster::new();
    let uid = uid("p");
    let text = format!(
        r#"{{ "kind":"Pod","metadata" :{{"uid":"{uid}","resourceVersion":"7","annotations":{{"a":"\u003c"}},"z":[1.50]}},
        "status":{{"new" : {{"x":1e3}}, "x":null}}, "spec":{{}} }}"#
    );
    cluster.server.put("p", &text);
    cluster.server.fail(&Method::PATCH, Fault::Status(403), 2);
    cluster.server.fail(&Method::PUT, Fault::Status(409), 1);
    assert!(cluster.add("p", "net1").is_success());
    let expected = ["GET", "PATCH", "PUT", "GET", "PUT"];
    assert_eq!(cluster.server.methods(), expected);

    let annotations = cluster.server.annotations("p");
    let new = |key: &str| format!(",\"{key}\":{}", annotations[key]);
    let new = new("userspace/configuration-data") + &new("userspace/mapped-dir");
    let old = r#""a":"\u003c""#;
    let expected = text.replace(old, &format!("{old}{new}"));
    assert_eq!(cluster.server.text("p"), expected);
    cluster.del("p", "net1").assert_silent_success();
    let left = cluster.server.annotations("p");
    assert_eq!(left, json!({"a": "<"}));
}

#[test]
fn endless_conflicts_undo_everything() {
    let cluster = Cluster::new();
    cluster.add_pod("p");
    cluster.server.fail(&Method::PATCH, Fault::Status(409), 30);
    let error = cluster.add("p", "net1").error();
    assert_eq!(error["code"], 11, "{error}");
    assert!(
        error["msg"].as_str().unwrap().contains("30 times"),
        "{error}"
    );
    assert_eq!(cluster.if_names("p"), Vec::<String>::new());
    cluster.assert_clean();
}

/// Four interfaces of each of eight pods at the same time, with real conflicts.
#[test]
fn parallel_adds_of_one_pod_all_have_their_entry() {
    let cluster = Cluster::new();
    let conf = cluster.conf();
    let mut all = Vec::new();
    for pod in 0..8 {
        let name = format!("p{pod}");
        cluster.add_pod(&name);
        let sandbox = format!("{pod}{}", &SANDBOX[1..]);
        for interface in 0..4 {
            let call = cluster.call("ADD", &conf, &name, &sandbox, &format!("net{interface}"));
            all.push(call.start());
        }
    }
    for running in all {
        let reply = running.wait();
        assert!(reply.is_success(), "{reply}");
    }
    for pod in 0..8 {
        let mut names = cluster.if_names(&format!("p{pod}"));
        names.sort();
        assert_eq!(names, ["net0", "net1", "net2", "net3"]);
    }
    let mut all = Vec::new();
    for pod in 0..8 {
        let sandbox = format!("{pod}{}", &SANDBOX[1..]);
        for interface in 0..4 {
            let (name, if_name) = (format!("p{pod}"), format!("net{interface}"));
            all.push(
                cluster
                    .call("DEL", &conf, &name, &sandbox, &if_name)
                    .start(),
            );
        }
    }
    for running in all {
        running.wait().assert_silent_success();
    }
    for pod in 0..8 {
        let left = cluster.server.annotations(&format!("p{pod}"));
        assert_eq!(left, json!({"k8s.v1.cni.cncf.io/networks": "net"}));
    }
    cluster.assert_clean();
}
