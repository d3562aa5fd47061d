use serde_json::{Value, json};

use super::{memif, parse, with};
use crate::netconf::*;

#[test]
fn a_memif_in_ip_mode_has_no_mac_address() {
    let mut host = memif();
    host["mac"] = "02:00:00:00:00:01".into();
    parse(&json!({ "host": host })).unwrap();
    host["memif"]["mode"] = "ip".into();
    let error = parse(&json!({ "host": host })).unwrap_err();
    assert!(
        error
            .msg()
            .contains("host.mac \"02:00:00:00:00:01\" is not possible"),
        "{error}"
    );
    // The container's mode is that of the host.
    host["mac"] = Value::Null;
    let container = json!({"mac": "02:00:00:00:00:01"});
    let error = parse(&json!({"host": host, "container": container})).unwrap_err();
    assert!(error.msg().contains("container.mac"), "{error}");
}

#[test]
fn unsupported_values_of_the_go_plugin_have_code_2() {
    for (pointer, value, part) in [
        (
            "/host/engine",
            json!("ovs-dpdk"),
            "host.engine \"ovs-dpdk\"",
        ),
        (
            "/container/engine",
            json!("ovs-dpdk"),
            "container.engine \"ovs-dpdk\"",
        ),
        (
            "/host/memif/mode",
            json!("inject-punt"),
            "host.memif.mode \"inject-punt\"",
        ),
        ("/host/bridge/vlanId", json!(7), "host.bridge.vlanId 7"),
    ] {
        let error = parse(&with(pointer, value)).unwrap_err();
        assert_eq!(error.code(), 2, "{error}");
        assert!(error.msg().contains(part), "{part:?} is not in {error}");
    }
}

/// One replaced value, and texts that the message must contain: key, value, reason.
const INVALID: &[(&str, &str, &[&str])] = &[
    (
        "/host",
        "null",
        &["host.engine is missing", "host.iftype is missing"],
    ),
    ("/host", "[]", &["host is []"]),
    (
        "/host/engine",
        "\"VPP\"",
        &["host.engine \"VPP\" is not one of vpp"],
    ),
    (
        "/host/iftype",
        "\"tap\"",
        &["host.iftype \"tap\"", "memif, vhostuser"],
    ),
    (
        "/host/ifType",
        "\"memif\"",
        &["host.ifType is not a known key"],
    ),
    ("/host/netType", "\"none\"", &["host.bridge has no effect"]),
    ("/host/netType", "\"x\"", &["host.netType \"x\""]),
    (
        "/host/bridge",
        "null",
        &["host.bridge.bridgeName is missing"],
    ),
    (
        "/host/bridge",
        "{\"x\":1}",
        &["host.bridge.x is not a known key", "bridgeName is missing"],
    ),
    ("/host/bridge/bridgeName", "\"0\"", &["bridgeName \"0\""]),
    (
        "/host/bridge/bridgeName",
        "\"16777216\"",
        &["bridgeName \"16777216\""],
    ),
    (
        "/host/bridge/bridgeName",
        "\"br-4\"",
        &["bridgeName \"br-4\""],
    ),
    ("/host/bridge/bridgeName", "\"+4\"", &["bridgeName \"+4\""]),
    (
        "/host/bridge/bridgeName",
        "4",
        &["bridgeName is 4, not a string"],
    ),
    (
        "/host/bridge/bridgeId",
        "5",
        &["bridgeName \"4\"", "bridgeId 5 differ"],
    ),
    ("/host/bridge/bridgeId", "0", &["bridgeId is 0"]),
    ("/host/bridge/bridgeId", "\"4\"", &["bridgeId is \"4\""]),
    ("/host/table", "1", &["host.table has no effect"]),
    (
        "/container/table",
        "4294967296",
        &["container.table is 4294967296"],
    ),
    (
        "/host/mac",
        "\"01:00:5e:00:00:01\"",
        &["host.mac", "multicast"],
    ),
    (
        "/host/mac",
        "\"00:00:00:00:00:00\"",
        &["host.mac", "is zero"],
    ),
    (
        "/host/mtu",
        "67",
        &["host.mtu is 67, not a whole number from 68 to 65535"],
    ),
    ("/host/mtu", "65536", &["host.mtu is 65536"]),
    ("/host/mtu", "1500.5", &["host.mtu is 1500.5"]),
    (
        "/host/rxMode",
        "\"poll\"",
        &["host.rxMode \"poll\"", "polling, interrupt, adaptive"],
    ),
    (
        "/host/vhost",
        "{\"mode\":\"server\"}",
        &["host.vhost has no effect"],
    ),
    ("/host/memif/role", "null", &["host.memif.role is missing"]),
    (
        "/host/memif/role",
        "\"server\"",
        &["host.memif.role \"server\" is not one of master"],
    ),
    (
        "/host/memif/role",
        "\"slave\"",
        &[
            "container.memif.role and host.memif.role are both \"slave\"",
            "\"master\"",
        ],
    ),
    (
        "/host/memif/mode",
        "\"ip\"",
        &["host.netType \"bridge\" is not possible"],
    ),
    (
        "/container/memif/mode",
        "\"ip\"",
        &["container.memif.mode \"ip\" differs"],
    ),
    (
        "/container/memif/id",
        "1",
        &["container.memif.id 1 differs from host.memif.id 0"],
    ),
    (
        "/container/memif/secret",
        "\"s\"",
        &["container.memif.secret \"***\" differs"],
    ),
    (
        "/container/memif/socketfile",
        "\"a\"",
        &["container.memif.socketfile \"a\" differs"],
    ),
    (
        "/container/memif/socketType",
        "\"abstract\"",
        &["socketType \"abstract\" differs"],
    ),
    (
        "/container/iftype",
        "\"vhostuser\"",
        &["container.memif has no effect"],
    ),
    (
        "/container/memif/group",
        "\"g\"",
        &["container.memif.group has no effect"],
    ),
    ("/host/memif/id", "-1", &["host.memif.id is -1"]),
    (
        "/host/memif/ringSize",
        "1000",
        &["ringSize 1000 is not a power of two"],
    ),
    ("/host/memif/ringSize", "16", &["ringSize is 16"]),
    ("/host/memif/ringSize", "32768", &["ringSize is 32768"]),
    ("/host/memif/bufferSize", "0", &["bufferSize is 0"]),
    ("/host/memif/bufferSize", "65536", &["bufferSize is 65536"]),
    ("/host/memif/rxQueues", "0", &["rxQueues is 0"]),
    ("/host/memif/txQueues", "256", &["txQueues is 256"]),
    ("/host/memif/group", "\"a b\"", &["group \"a b\""]),
    (
        "/host/memif/group",
        "\"4294967295\"",
        &["group \"4294967295\""],
    ),
    (
        "/host/memif/socketMode",
        "\"0780\"",
        &["socketMode \"0780\""],
    ),
    (
        "/host/memif/socketMode",
        "\"+770\"",
        &["socketMode \"+770\""],
    ),
    (
        "/host/memif/socketMode",
        "\"1777\"",
        &["socketMode \"1777\""],
    ),
    (
        "/host/memif/socketMode",
        "770",
        &["socketMode is 770, not a string"],
    ),
    (
        "/host/memif/socketfile",
        "\"\"",
        &["socketfile \"\" is empty"],
    ),
    (
        "/host/memif/socketfile",
        "\"../x\"",
        &["socketfile \"../x\" is a path"],
    ),
    (
        "/host/memif/socketfile",
        "\"/x\"",
        &["socketfile \"/x\" is a path"],
    ),
    ("/host/memif/socketfile", "\"..\"", &["socketfile \"..\""]),
    (
        "/host/memif/socketfile",
        "\"a~b\"",
        &["socketfile \"a~b\" has characters other"],
    ),
    (
        "/host/memif/socketfile",
        "\"a\\u0000\"",
        &["socketfile \"a\\0\" has characters other"],
    ),
    (
        "/kubeconfig",
        "\"x\"",
        &["kubeconfig \"x\" is not an absolute path"],
    ),
    (
        "/sharedDir",
        "\"/a/../b\"",
        &["sharedDir \"/a/../b\" contains '..'"],
    ),
    ("/stateDir", "\"/a\\u0000\"", &["stateDir", "contains NUL"]),
    ("/vppSocket", "1", &["vppSocket is 1, not a string"]),
    (
        "/logLevel",
        "\"loud\"",
        &["logLevel \"loud\" is not one of panic"],
    ),
    (
        "/timeoutSeconds",
        "0",
        &["timeoutSeconds is 0, not a whole number from 1 to 600"],
    ),
    ("/timeoutSeconds", "601", &["timeoutSeconds is 601"]),
    ("/paths", "{}", &["paths.host is missing"]),
    (
        "/paths",
        "{\"host\":\"/a\",\"guest\":\"/b\"}",
        &["paths.guest is not a known key"],
    ),
    (
        "/paths",
        "{\"host\":\"/a\",\"vpp\":\"b\"}",
        &["paths.vpp \"b\" is not an absolute path"],
    ),
];

#[test]
fn invalid_values_have_code_7_and_name_key_value_and_reason() {
    for (pointer, value, parts) in INVALID {
        let value = serde_json::from_str(value).unwrap();
        let error = parse(&with(pointer, value)).unwrap_err();
        assert_eq!(error.code(), 7, "{pointer}: {error}");
        for part in *parts {
            assert!(error.msg().contains(part), "{part:?} is not in {error}");
        }
    }
}

#[test]
fn all_problems_are_reported_at_once() {
    let error = parse(&json!({
        "host": {"engine": "vpp", "iftype": "memif", "memif": {"ringSize": 3}, "mtu": 1},
        "container": {"netType": "x"}, "timeoutSeconds": 0
    }));
    let error = error.unwrap_err();
    for part in [
        "memif.role",
        "ringSize",
        "mtu",
        "container.netType",
        "timeoutSeconds",
    ] {
        assert!(error.msg().contains(part), "{part:?} is not in {error}");
    }
    assert!(!error.msg().contains("container.memif"), "{error}");
}

#[test]
fn an_unknown_kind_of_interface_is_the_only_problem() {
    let mut example = with("/host/iftype", "tap".into());
    example["container"] = json!({"memif": {"mode": "ethernet"}});
    let error = parse(&example).unwrap_err();
    let expected = "the network configuration is invalid: \
        host.iftype \"tap\" is not one of memif, vhostuser";
    assert_eq!(error.msg(), expected);
}

#[test]
fn only_the_end_that_creates_the_socket_file_has_ownership() {
    let abstract_socket = json!({"role": "master", "socketType": "abstract", "socketMode": "0770"});
    let error = parse(&with("/host/memif", abstract_socket)).unwrap_err();
    assert!(
        error.msg().contains("an abstract socket has no file"),
        "{error}"
    );
    let mut example = with("/host/memif", json!({"role": "slave", "group": "g"}));
    example["container"] = json!({"memif": {"group": "g", "socketMode": "0770"}});
    let error = parse(&example).unwrap_err();
    assert!(
        error.msg().contains("host.memif.group has no effect"),
        "{error}"
    );
    assert!(!error.msg().contains("container"), "{error}");
}

#[test]
fn longest_values_are_accepted() {
    let name = "a".repeat(MAX_SOCKET_FILE);
    let mut example = with("/host/memif/socketfile", name.as_str().into());
    example["host"]["memif"]["secret"] = "s".repeat(Secret::MAX_LEN).into();
    example["host"]["memif"]["ringSize"] = 16384.into();
    example["host"]["bridge"]["bridgeName"] = "16777215".into();
    parse(&example).unwrap();
    for (pointer, value) in [
        ("/host/memif/socketfile", "a".repeat(MAX_SOCKET_FILE + 1)),
        ("/host/memif/secret", "s".repeat(Secret::MAX_LEN + 1)),
        ("/vppSocket", format!("/{}", "a".repeat(107))),
    ] {
        assert_eq!(
            parse(&with(pointer, value.into())).unwrap_err().code(),
            7,
            "{pointer}"
        );
    }
}
