//! Invalid configurations are rejected before anything is changed.

use serde_json::{Value, json};

use crate::call::Call;
use crate::node::{Node, memif, merge, with};

/// Asserts that ADD fails with this code, without a request to VPP and without a change.
#[track_caller]
fn assert_rejected(node: &Node, conf: &Value, code: u64) {
    let (vpp, files) = (node.vpp(), node.left());
    node.sim.clear_requests();
    let error = node.call("ADD", conf, "box1", "net1").run().error();
    assert_eq!(error["code"], code, "{error}");
    assert_eq!(error["cniVersion"], conf["cniVersion"]);
    assert_eq!(node.sim.requests(), Vec::<&str>::new(), "{error}");
    assert_eq!(node.vpp(), vpp);
    assert_eq!(node.left(), files, "{error}");
}

#[test]
fn check_20_bridge_domains_out_of_range_are_rejected_direct() {
    let node = Node::new();
    for name in [
        "0",
        "16777216",
        "4294967296",
        "abc",
        "-1",
        " 4",
        "4 ",
        "0x4",
    ] {
        let conf = with(
            &node.bridged(),
            "host",
            &memif(&json!({
                "netType": "bridge", "bridge": {"bridgeName": name}
            })),
        );
        assert_rejected(&node, &conf, 7);
    }
    for id in [
        json!(0),
        json!(16_777_216),
        json!(-1),
        json!(1.5),
        json!("4"),
    ] {
        let conf = with(
            &node.bridged(),
            "host",
            &memif(&json!({
                "netType": "bridge", "bridge": {"bridgeId": id}
            })),
        );
        assert_rejected(&node, &conf, 7);
    }
}

#[test]
fn check_28_socket_names_outside_the_folder_are_rejected_direct() {
    let node = Node::new();
    let long = "s".repeat(107);
    let names = [
        "../x",
        "/tmp/x",
        "a/b",
        "a\0b",
        "..",
        ".",
        "",
        "a~b",
        "a b",
        "é",
        long.as_str(),
    ];
    for name in names {
        for (key, kind) in [("memif", "memif"), ("vhost", "vhostuser")] {
            for role in [["master", "server"], ["slave", "client"]] {
                let host = if key == "memif" {
                    json!({"engine": "vpp", "iftype": kind, "memif": {"role": role[0], "socketfile": name}})
                } else {
                    json!({"engine": "vpp", "iftype": kind, "vhost": {"mode": role[1], "socketfile": name}})
                };
                assert_rejected(&node, &node.conf(&host), 7);
            }
        }
    }
}

#[test]
fn check_28_socket_paths_over_106_bytes_are_rejected_direct() {
    let node = Node::new();
    let base = node.text("s/shared/").len();
    let of = |length: usize| {
        let name = "n".repeat(length - base);
        node.conf(&memif(&json!({"memif": {"socketfile": name}})))
    };
    let fits = of(106);
    node.add(&fits, "box1");
    node.del(&fits, "box1");
    assert_rejected(&node, &of(107), 7);
    node.assert_clean();
}

#[test]
fn check_28_folders_with_invalid_characters_are_rejected_for_both_roles_direct() {
    let node = Node::new();
    for role in ["master", "slave"] {
        for folder in ["a~b", "a b", "a:b", "é"] {
            let conf = node.conf(&memif(&json!({"memif": {"role": role}})));
            assert_rejected(
                &node,
                &with(&conf, "sharedDir", &json!(node.text(folder))),
                7,
            );
        }
    }
}

#[test]
fn check_38_every_error_has_the_version_of_the_configuration_direct() {
    let node = Node::new();
    let call = |conf: &str| {
        let call = node.call("ADD", &Value::Null, "box1", "net1");
        call.stdin(conf).run().error()
    };
    for version in ["0.3.0", "0.4.0", "1.0.0", "1.1.0"] {
        let conf = with(&node.bridged(), "cniVersion", &json!(version));
        for (key, value, code) in [
            ("host", json!({}), 7),
            ("host", json!(7), 7),
            (
                "host",
                merge(conf["host"].clone(), &json!({"engine": "ovs-dpdk"})),
                2,
            ),
            ("name", json!("../x"), 7),
            ("ipam", json!({"type": "absent"}), 7),
            ("ipam", json!({"type": "../bin/test-ipam"}), 7),
            ("logLevel", json!("loud"), 7),
            ("timeoutSeconds", json!(0), 7),
            ("stateDir", json!("relative"), 7),
            ("sharedDir", json!("/a/../b"), 7),
            ("vppSocket", json!(node.text("absent.sock")), 11),
            ("prevResult", json!([]), 6),
        ] {
            let error = call(&with(&conf, key, &value).to_string());
            assert_eq!(error["code"], code, "{key}: {error}");
            assert_eq!(error["cniVersion"], version);
        }
        let text = conf.to_string();
        let cut = &text[..text.len() - 1];
        let error = call(cut);
        assert_eq!(
            (&error["code"], &error["cniVersion"]),
            (&json!(6), &json!(version))
        );
        for (name, value) in [
            ("CNI_CONTAINERID", ""),
            ("CNI_CONTAINERID", "../x"),
            ("CNI_IFNAME", "a/b"),
            ("CNI_IFNAME", "sixteen-bytes-if"),
            ("CNI_NETNS", ""),
            ("CNI_ARGS", "A"),
            ("CNI_COMMAND", "FROB"),
        ] {
            let call = node.call("ADD", &conf, "box1", "net1").with(name, value);
            let error = call.run().error();
            assert_eq!(error["code"], 4, "{name}: {error}");
            assert_eq!(error["cniVersion"], version);
        }
        let missing = node.call("ADD", &conf, "box1", "net1");
        let missing = missing.with("CNI_NETNS", node.text("absent")).run().error();
        assert_eq!(missing["code"], 8, "{missing}");
    }
    let unsupported = call(&with(&node.bridged(), "cniVersion", &json!("9.0.0")).to_string());
    assert_eq!(
        (&unsupported["code"], &unsupported["cniVersion"]),
        (&json!(1), &json!("9.0.0"))
    );
    for conf in ["", "null", "[]", "\u{feff}{}", "{\"a\":1,\"a\":2}"] {
        assert_eq!(call(conf)["code"], 6, "{conf:?}");
    }
    node.assert_clean();
}

#[test]
fn check_38_verbs_that_a_version_lacks_are_rejected_direct() {
    let node = Node::new();
    for (verb, version) in [("CHECK", "0.3.1"), ("GC", "1.0.0"), ("STATUS", "1.0.0")] {
        let conf = with(&node.bridged(), "cniVersion", &json!(version));
        assert_eq!(
            node.call(verb, &conf, "box1", "net1").run().code(),
            1,
            "{verb}"
        );
    }
    let conf = with(&node.bridged(), "cniVersion", &json!("1.1.0"));
    let check = node.call("CHECK", &conf, "box1", "net1").run();
    assert_eq!(check.code(), 7, "without prevResult");
}

#[test]
fn check_38_the_own_network_namespace_is_rejected_direct() {
    let node = Node::new();
    let conf = node.bridged();
    let call = || {
        node.call("ADD", &conf, "box1", "net1")
            .with("CNI_NETNS", "/proc/self/ns/net")
    };
    assert_eq!(call().run().code(), 8);
    node.assert_clean();
    call().with("CNI_NETNS_OVERRIDE", "1").run().result();
    node.del(&conf, "box1");
}

#[test]
fn check_38_without_a_verb_the_program_prints_its_version_direct() {
    let about = Call::without_verb().run();
    about.assert_silent_success();
    assert!(about.stderr().contains("CNI versions: 0.3.0"), "{about}");
    let conf = r#"{"cniVersion": "1.0.0"}"#;
    let versions = Call::new("VERSION").stdin(conf).run().result();
    assert_eq!(versions["cniVersion"], "1.0.0");
    assert_eq!(versions["supportedVersions"].as_array().unwrap().len(), 5);
}
