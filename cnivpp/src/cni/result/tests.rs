use super::*;
use crate::cni::Version;
use serde_json::{Value, json};

fn parse(value: &Value) -> CniResult {
    CniResult::parse(value, Version::V1_0_0, "the result").unwrap()
}

fn complete() -> CniResult {
    let mut ip4 = Ip::new("10.1.0.5/24".parse().unwrap());
    ip4.gateway = Some("10.1.0.1".parse().unwrap());
    ip4.interface = Some(0);
    let ip6 = Ip::new("2001:db8::5/64".parse().unwrap());
    let mut route = Route::new("0.0.0.0/0".parse().unwrap());
    route.gw = Some("10.1.0.1".parse().unwrap());
    [route.mtu, route.advmss, route.priority] = [Some(1400), Some(1360), Some(10)];
    [route.table, route.scope] = [Some(0), Some(253)];
    CniResult {
        interfaces: vec![Interface {
            name: "net1".into(),
            mac: Some("02:fe:00:00:00:01".into()),
            mtu: Some(1500),
            sandbox: Some("/run/netns/a".into()),
            socket_path: Some("/run/vpp/a.sock".into()),
            pci_id: Some("0000:00:01.0".into()),
            extra: Object::new(),
        }],
        ips: vec![ip4, ip6],
        routes: vec![route],
        dns: Dns {
            nameservers: vec!["10.1.0.1".into()],
            domain: Some("example".into()),
            ..Dns::default()
        },
        extra: Object::new(),
    }
}

#[test]
fn each_version_has_its_own_keys() {
    for version in Version::ALL {
        let json = complete().to_json(version);
        assert_eq!(json["cniVersion"], version.as_str());
        let newest = version == Version::V1_1_0;
        for key in ["mtu", "socketPath", "pciID"] {
            let found = json["interfaces"][0].get(key).is_some();
            assert_eq!(found, newest, "{key} in {version}");
        }
        for key in ["mtu", "advmss", "priority", "table", "scope"] {
            let found = json["routes"][0].get(key).is_some();
            assert_eq!(found, newest, "{key} in {version}");
        }
        let families = [&json["ips"][0]["version"], &json["ips"][1]["version"]];
        if version < Version::V1_0_0 {
            assert_eq!(families, ["4", "6"], "{version}");
        } else {
            assert_eq!(families, [&Value::Null, &Value::Null], "{version}");
        }
    }
}

#[test]
fn the_newest_version_has_all_keys() {
    let expected = json!({
        "cniVersion": "1.1.0",
        "interfaces": [{
            "name": "net1", "mac": "02:fe:00:00:00:01", "mtu": 1500, "sandbox": "/run/netns/a",
            "socketPath": "/run/vpp/a.sock", "pciID": "0000:00:01.0"
        }],
        "ips": [
            {"address": "10.1.0.5/24", "gateway": "10.1.0.1", "interface": 0},
            {"address": "2001:db8::5/64"}
        ],
        "routes": [{
            "dst": "0.0.0.0/0", "gw": "10.1.0.1", "mtu": 1400, "advmss": 1360,
            "priority": 10, "table": 0, "scope": 253
        }],
        "dns": {"nameservers": ["10.1.0.1"], "domain": "example"}
    });
    assert_eq!(complete().to_json(Version::V1_1_0), expected);
}

#[test]
fn a_printed_result_is_parsed_again() {
    for version in Version::ALL {
        let json = complete().to_json(version);
        let again = parse(&json);
        assert_eq!(again.to_json(version), json, "{version}");
    }
    assert_eq!(parse(&complete().to_json(Version::V1_1_0)), complete());
}

#[test]
fn unknown_keys_are_kept_in_every_version() {
    for version in Version::ALL {
        let json = json!({
            "cniVersion": version.as_str(),
            "interfaces": [{"name": "a", "x": {"y": [1]}}],
            "ips": [{"address": "10.0.0.1/8", "x": 1}],
            "routes": [{"dst": "10.0.0.0/8", "x": 1.5}],
            "dns": {"x": true},
            "x": null
        });
        let mut expected = json.clone();
        if version < Version::V1_0_0 {
            expected["ips"][0]["version"] = "4".into();
        }
        assert_eq!(parse(&json).to_json(version), expected, "{version}");
    }
}

#[test]
fn a_newer_key_in_an_older_result_is_an_unknown_key() {
    let json = json!({
        "cniVersion": "1.0.0",
        "interfaces": [{"name": "a", "mtu": 9000}],
        "routes": [{"dst": "10.0.0.0/8", "table": 7}]
    });
    let result = parse(&json);
    assert_eq!(result.interfaces[0].mtu, None);
    assert_eq!(result.to_json(Version::V1_0_0), json);
}

#[test]
fn the_key_of_an_older_version_is_converted() {
    let json = json!({"cniVersion": "0.4.0", "ips": [{"version": "4", "address": "10.0.0.1/8"}]});
    let expected = json!({"cniVersion": "1.0.0", "ips": [{"address": "10.0.0.1/8"}]});
    assert_eq!(parse(&json).to_json(Version::V1_0_0), expected);
}

#[test]
fn empty_and_null_values_count_as_missing() {
    let json = json!({
        "interfaces": null,
        "ips": [{"address": "10.0.0.1/8", "gateway": "", "interface": -1}],
        "routes": [{"dst": "0.0.0.0/0", "gw": null}],
        "dns": {}
    });
    let result = parse(&json);
    assert_eq!(result.ips, [Ip::new("10.0.0.1/8".parse().unwrap())]);
    assert_eq!(result.routes, [Route::new("0.0.0.0/0".parse().unwrap())]);
    assert!(result.dns.is_empty());
}

#[test]
fn all_problems_of_a_result_are_reported() {
    let json = json!({
        "cniVersion": "1.1.0",
        "interfaces": [{"name": 1, "mtu": -1}, 2],
        "ips": [{"address": "10.0.0.1"}, {"gateway": "x"}, {"address": "10.0.0.1/8", "interface": "0"}],
        "routes": {}
    });
    let error = CniResult::parse(&json, Version::V1_0_0, "prevResult").unwrap_err();
    assert_eq!(error.code(), 6);
    for text in [
        "prevResult is invalid",
        "interfaces[0].name is 1",
        "interfaces[0].mtu is -1",
        "interfaces[1] is 2",
        "ips[0].address \"10.0.0.1\"",
        "ips[1].address is missing",
        "ips[1].gateway \"x\"",
        "ips[2].interface is \"0\"",
        "routes is {}",
    ] {
        assert!(error.msg().contains(text), "{text:?} is not in {error}");
    }
    assert!(CniResult::parse(&json!([]), Version::V1_0_0, "prevResult").is_err());
}
