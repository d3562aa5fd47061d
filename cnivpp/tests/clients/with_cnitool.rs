use std::path::Path;

use serde_json::{Value, json};

use crate::cnitool::Cnitool;
use crate::runtime::programs;
use crate::{folders, ipam, list};

/// The path need not exist, because the plugin only passes it on.
const NETNS: &str = "/run/netns/absent";

fn client(program: &Path, version: &str, plugins: Value) -> Cnitool {
    Cnitool::new(program, folders().network(&list(version, plugins)))
}

/// Whether libcni in this `cnitool` supports CNI 1.1.0.
fn supports_1_1_0(program: &Path) -> bool {
    let client = client(program, "1.1.0", json!([{"type": "example"}]));
    client.add("net", NETNS).is_ok()
}

#[test]
#[ignore = "needs cnitool and host-local"]
fn libcni_adds_checks_and_deletes_in_every_version() {
    for program in programs("cnitool") {
        for version in ["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"] {
            if version == "1.1.0" && !supports_1_1_0(&program) {
                continue;
            }
            let plugins = json!([{"type": "example", "ipam": ipam()}]);
            let client = client(&program, version, plugins);
            let result = client.add("net", NETNS).unwrap();
            assert_eq!(result["cniVersion"], version);
            assert_eq!(result["interfaces"][0]["sandbox"], NETNS);
            assert_eq!(result["ips"].as_array().unwrap().len(), 2, "{result}");
            assert_eq!(result["ips"][1]["interface"], 0);
            assert_eq!(client.folders().allocated("net"), 2);
            let checked = client.run("check", "net", NETNS);
            assert_eq!(
                checked.is_ok(),
                version >= "0.4.0",
                "{version}: {checked:?}"
            );
            client.run("del", "net", NETNS).unwrap();
            assert_eq!(client.folders().allocated("net"), 0);
            client.run("del", "net", NETNS).unwrap();
        }
    }
}

#[test]
#[ignore = "needs cnitool and host-local"]
fn a_chain_passes_the_result_on() {
    for program in programs("cnitool") {
        for version in ["0.3.1", "0.4.0", "1.0.0"] {
            let plugins = json!([{"type": "example", "ipam": ipam()}, {"type": "example"}]);
            let client = client(&program, version, plugins);
            let result = client.add("net", NETNS).unwrap();
            assert_eq!(
                result["interfaces"].as_array().unwrap().len(),
                2,
                "{result}"
            );
            assert_eq!(result["ips"].as_array().unwrap().len(), 2, "{result}");
            client.run("del", "net", NETNS).unwrap();
            assert_eq!(client.folders().allocated("net"), 0);
        }
    }
}

#[test]
#[ignore = "needs cnitool and host-local"]
fn requested_mac_and_address_reach_the_plugins() {
    for program in programs("cnitool") {
        let capabilities = json!({"mac": true, "ips": true});
        let plugins = json!([{"type": "example", "ipam": ipam(), "capabilities": capabilities}]);
        let client = client(&program, "1.0.0", plugins)
            // Without IgnoreUnknown, host-local rejects the key MAC.
            .with("CNI_ARGS", "IgnoreUnknown=1;MAC=02:00:00:00:00:09")
            .with(
                "CAP_ARGS",
                r#"{"mac": "02:00:00:00:00:01", "ips": ["10.9.0.77"]}"#,
            );
        let result = client.add("net", NETNS).unwrap();
        assert_eq!(result["interfaces"][0]["mac"], "02:00:00:00:00:01");
        assert_eq!(result["ips"][0]["address"], "10.9.0.77/24");
    }
}

#[test]
#[ignore = "needs cnitool and host-local"]
fn libcni_shows_the_message_of_an_error() {
    for program in programs("cnitool") {
        let plugins = json!([{"type": "example", "ipam": {"type": "absent"}}]);
        let error = client(&program, "1.0.0", plugins).add("net", NETNS);
        let error = error.unwrap_err();
        assert!(
            error.contains("ipam plugin absent is not installed"),
            "{error}"
        );
    }
}

#[test]
#[ignore = "needs cnitool and host-local"]
fn gc_and_status_reach_the_plugin() {
    for program in programs("cnitool").iter().filter(|it| supports_1_1_0(it)) {
        let with_ipam = client(
            program,
            "1.1.0",
            json!([{"type": "example", "ipam": ipam()}]),
        );
        with_ipam.run("status", "net", NETNS).unwrap();
        with_ipam.add("net", NETNS).unwrap();
        // libcni first runs DEL for every attachment in its cache.
        with_ipam.run("gc", "net", NETNS).unwrap();
        assert_eq!(with_ipam.folders().allocated("net"), 0);
        let plugins = json!([{"type": "example", "ipam": {"type": "absent"}}]);
        let error = client(program, "1.1.0", plugins).run("status", "net", NETNS);
        let error = error.unwrap_err();
        assert!(error.contains("not installed"), "{error}");
    }
}
