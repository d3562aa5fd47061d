use std::time::{Duration, Instant};

use http::Method;
use serde_json::json;

use crate::cluster::{Cluster, SANDBOX};
use crate::node::with;
use crate::server::{Fault, TOKEN};

#[test]
fn a_server_that_closes_is_an_error_that_can_be_tried_again() {
    let cluster = Cluster::new();
    cluster.add_pod("p");
    for method in [Method::GET, Method::PATCH] {
        cluster.server.fail(&method, Fault::Close, 20);
        let error = cluster.add("p", "net1").error();
        assert_eq!(error["code"], 11, "{method}: {error}");
        cluster.server.clear_faults();
    }
    cluster.assert_clean();
}

#[test]
fn a_silent_server_ends_add_within_its_deadline() {
    let cluster = Cluster::new();
    cluster.add_pod("p");
    let conf = with(&cluster.conf(), "timeoutSeconds", &json!(3));
    for method in [Method::GET, Method::PATCH] {
        cluster.server.fail(&method, Fault::Silence, 1);
        let start = Instant::now();
        let call = cluster.call("ADD", &conf, "p", SANDBOX, "net1");
        let error = call.run().error();
        assert_eq!(error["code"], 11, "{method}: {error}");
        assert!(
            start.elapsed() < Duration::from_secs(6),
            "{method}: {error}"
        );
        cluster.server.clear_faults();
    }
    cluster.assert_clean();
}

#[test]
fn a_silent_server_does_not_stop_del() {
    let cluster = Cluster::new();
    cluster.add_pod("p");
    let conf = with(&cluster.conf(), "timeoutSeconds", &json!(4));
    assert!(cluster.add("p", "net1").is_success());
    cluster.server.fail(&Method::GET, Fault::Silence, 1);
    let start = Instant::now();
    let deleted = cluster.call("DEL", &conf, "p", SANDBOX, "net1").run();
    deleted.assert_silent_success();
    assert!(start.elapsed() < Duration::from_secs(4));
    assert!(
        deleted.stderr().contains("did not answer in time"),
        "{deleted}"
    );
    cluster.assert_clean();
}

#[test]
fn answers_are_bounded_and_checked() {
    let cluster = Cluster::new();
    cluster.add_pod("p");
    let large = Fault::Spaces(9 << 20);
    for (fault, code) in [
        (large, 11),
        (Fault::Spaces(10), 7),
        (Fault::Status(500), 11),
    ] {
        cluster.server.fail(&Method::GET, fault, 20);
        let error = cluster.add("p", "net1").error();
        assert_eq!(error["code"], code, "{fault:?}: {error}");
        cluster.server.clear_faults();
    }
    for text in ["[]", "{}", r#"{"metadata": {"uid": 1}}"#] {
        cluster.server.put("p", text);
        assert_eq!(cluster.add("p", "net1").code(), 7, "{text}");
    }
    cluster.assert_clean();
}

#[test]
fn names_that_would_change_the_path_are_rejected() {
    let cluster = Cluster::new();
    for name in ["../x", "a/b", "a?b", "a b", "%2e%2e"] {
        let call = cluster.call("ADD", &cluster.conf(), name, SANDBOX, "net1");
        assert_eq!(call.run().code(), 7, "{name}");
    }
    assert_eq!(cluster.server.methods(), Vec::<String>::new());
}

/// The plugin is killed after the API server has stored the annotation.
#[test]
fn del_removes_the_annotation_of_an_add_that_was_killed() {
    let cluster = Cluster::new();
    cluster.add_pod("p");
    cluster
        .server
        .fail(&Method::PATCH, Fault::ApplyAndSilence, 1);
    let mut running = cluster
        .call("ADD", &cluster.conf(), "p", SANDBOX, "net1")
        .start();
    while cluster.if_names("p").is_empty() {
        std::thread::yield_now();
    }
    running.kill();
    cluster.del("p", "net1").assert_silent_success();
    assert_eq!(cluster.if_names("p"), Vec::<String>::new());
    cluster.assert_clean();
}

#[test]
fn an_api_server_that_is_down_is_an_error_for_add_and_a_note_for_del() {
    let mut cluster = Cluster::new();
    cluster.add_pod("p");
    assert!(cluster.add("p", "net1").is_success());
    cluster.server = crate::server::Server::start();
    let deleted = cluster.del("p", "net1");
    deleted.assert_silent_success();
    let error = cluster.add("p", "net1").error();
    assert_eq!(error["code"], 11, "{error}");
    assert!(!deleted.stderr().contains(TOKEN));
}
