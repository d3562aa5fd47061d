use std::fs;

use serde_json::{Value, json};

use crate::call::Reply;
use crate::cluster::{Cluster, SANDBOX};
use crate::node::with;
use crate::server::TOKEN;

#[test]
fn every_kind_of_credential_is_accepted() {
    let cluster = Cluster::new();
    cluster.add_pod("p");
    let file = |name: &str, text: &str| {
        let path = cluster.node.path(name);
        fs::write(&path, text).unwrap();
        path
    };
    let (certificate, key) = &cluster.server.client;
    let token = file("token", TOKEN);
    let certificate = file("client.pem", certificate);
    let key = file("client.key", key);
    for user in [
        json!({"token": TOKEN}),
        json!({"tokenFile": token}),
        json!({"client-certificate": certificate, "client-key": key}),
    ] {
        cluster.write_kubeconfig(&user);
        let added = cluster.add("p", "net1");
        assert!(added.is_success(), "{user}: {added}");
        cluster.del("p", "net1").assert_silent_success();
        assert_eq!(cluster.if_names("p"), Vec::<String>::new());
    }
    cluster.assert_clean();
}

#[test]
fn a_kubeconfig_that_is_missing_or_invalid_is_code_7() {
    let cluster = Cluster::new();
    cluster.add_pod("p");
    for text in [None, Some(""), Some("{"), Some("{\"clusters\": 1}")] {
        match text {
            Some(text) => fs::write(cluster.kubeconfig(), text).unwrap(),
            None => fs::remove_file(cluster.kubeconfig()).unwrap(),
        }
        let error = cluster.add("p", "net1").error();
        assert_eq!(error["code"], 7, "{text:?}: {error}");
        let path = cluster.kubeconfig();
        let named = error["msg"]
            .as_str()
            .unwrap()
            .contains(path.to_str().unwrap());
        assert!(named, "{text:?}: {error}");
    }
    assert_eq!(cluster.server.methods(), Vec::<String>::new());
    cluster.assert_clean();
}

/// Asserts the code and a text in the message or the details.
#[track_caller]
fn assert_error(reply: &Reply, code: u64, text: &str) {
    let error = reply.error();
    assert_eq!(error["code"], code, "{error}");
    assert!(error.to_string().contains(text), "{error}");
}

#[test]
fn refusals_of_the_api_server_are_explained() {
    let cluster = Cluster::new();
    cluster.add_pod("p");
    cluster.write_kubeconfig(&json!({"token": "expired"}));
    assert_error(&cluster.add("p", "net1"), 7, "renews");
    cluster.write_kubeconfig(&json!({"token": TOKEN}));
    assert_error(
        &cluster.add("missing", "net1"),
        7,
        "message of the server: Not Found",
    );
    let mut other = crate::cluster::pod("p", &[]);
    other["metadata"]["uid"] = json!("another");
    cluster.server.put("p", &other.to_string());
    assert_error(&cluster.add("p", "net1"), 11, "replaced by another pod");
    cluster.assert_clean();
}

#[test]
fn kubernetes_is_not_asked_without_both_names() {
    let cluster = Cluster::new();
    fs::remove_file(cluster.kubeconfig()).unwrap();
    // podman sends a name without a namespace.
    for args in [
        "",
        "IgnoreUnknown=1;K8S_POD_NAME=p",
        "K8S_POD_NAMESPACE=default",
    ] {
        let call = |verb| {
            let call = cluster.node.call(verb, &cluster.conf(), SANDBOX, "net1");
            call.with("CNI_ARGS", args).run()
        };
        assert!(call("ADD").is_success(), "{args}");
        call("DEL").assert_silent_success();
    }
    let conf = with(&cluster.conf(), "kubeconfig", &Value::Null);
    let added = cluster.call("ADD", &conf, "p", SANDBOX, "net1").run();
    assert!(added.is_success(), "{added}");
    assert_eq!(cluster.server.methods(), Vec::<String>::new());
}

#[test]
fn the_token_is_in_no_output() {
    let cluster = Cluster::new();
    cluster.add_pod("p");
    let log = cluster.node.path("log");
    let conf = with(&cluster.conf(), "logLevel", &json!("verbose"));
    let conf = with(&conf, "logFile", &json!(log));
    for verb in ["ADD", "ADD", "DEL"] {
        let reply = cluster.call(verb, &conf, "p", SANDBOX, "net1").run();
        let text = format!("{reply}{}", fs::read_to_string(&log).unwrap());
        assert!(!text.contains(TOKEN), "{text}");
    }
}

#[test]
fn check_17_del_after_the_pod_and_the_kubeconfig_are_gone_k8s() {
    let cluster = Cluster::new();
    for gone in ["pod", "kubeconfig", "both"] {
        cluster.write_kubeconfig(&json!({"token": TOKEN}));
        cluster.add_pod("p");
        assert!(cluster.add("p", "net1").is_success());
        if gone != "kubeconfig" {
            cluster.server.delete("p");
        }
        if gone != "pod" {
            fs::remove_file(cluster.kubeconfig()).unwrap();
        }
        // The record has the credentials, even if the configuration has lost them.
        let conf = with(&cluster.conf(), "kubeconfig", &Value::Null);
        let deleted = cluster.call("DEL", &conf, "p", SANDBOX, "net1").run();
        deleted.assert_silent_success();
    }
    cluster.assert_clean();
}

#[test]
fn del_by_the_record_removes_the_annotation() {
    let cluster = Cluster::new();
    cluster.add_pod("p");
    assert!(cluster.add("p", "net1").is_success());
    let conf = with(&cluster.conf(), "kubeconfig", &Value::Null);
    let call = cluster.node.call("DEL", &conf, SANDBOX, "net1");
    call.run().assert_silent_success();
    assert_eq!(cluster.if_names("p"), Vec::<String>::new());
}

/// The parser's own message quotes the file.
#[test]
fn a_malformed_kubeconfig_does_not_leak_its_token() {
    let cluster = Cluster::new();
    cluster.add_pod("p");
    let valid = fs::read_to_string(cluster.kubeconfig()).unwrap();
    for (old, new) in [
        ("\"users\":[", "\"users\":[[,"),
        ("\"user\":{", "\"user\":{\"exec\":1,"),
        ("\"name\":\"u\"", "\"name\":[]"),
        ("{", "{{"),
    ] {
        assert!(valid.contains(old), "{old}: {valid}");
        fs::write(cluster.kubeconfig(), valid.replacen(old, new, 1)).unwrap();
        let reply = cluster.add("p", "net1");
        assert_eq!(reply.code(), 7, "{new}");
        assert!(!reply.to_string().contains(TOKEN), "{reply}");
    }
}

#[test]
fn a_token_with_line_breaks_is_trimmed_or_rejected() {
    let cluster = Cluster::new();
    cluster.add_pod("p");
    cluster.write_kubeconfig(&json!({"token": format!("{TOKEN}\n")}));
    assert!(cluster.add("p", "net1").is_success());
    cluster.write_kubeconfig(&json!({"token": format!("{TOKEN}\nx")}));
    cluster.del("p", "net1").assert_silent_success();
    let reply = cluster.add("p", "net1");
    assert_eq!(reply.code(), 7);
    assert!(!reply.to_string().contains(TOKEN), "{reply}");
}

/// A runtime has these variables for pulling images.
#[test]
fn proxies_of_the_runtime_are_not_used() {
    let cluster = Cluster::new();
    cluster.add_pod("p");
    for verb in ["ADD", "DEL"] {
        let call = cluster.call(verb, &cluster.conf(), "p", SANDBOX, "net1");
        let proxy = "http://user:secret@127.0.0.1:1";
        let reply = call
            .with("HTTPS_PROXY", proxy)
            .with("https_proxy", proxy)
            .run();
        assert!(reply.is_success(), "{reply}");
    }
    assert_eq!(cluster.if_names("p"), Vec::<String>::new());
}
