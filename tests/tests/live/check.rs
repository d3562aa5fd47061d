use serde_json::{Value, json};
use vpp_sim::{Fault, FaultRule, Release, SimThread};

use super::{error_of, text, vpp};
use vpp_tests::program::vpp_bindgen;

fn check(sim: &SimThread, arguments: &[&str], list: &str) -> (i32, String) {
    let socket = sim.socket().to_str().unwrap();
    let output = vpp_bindgen(&[&["check", "--socket", socket], arguments].concat(), list).unwrap();
    assert_eq!(text(&output.stderr), "");
    (
        output.status.code().unwrap(),
        text(&output.stdout).to_owned(),
    )
}

#[test]
fn every_supported_release_is_fit_for_cnivpp() {
    for release in [Release::V22_10, Release::V23_02, Release::LATEST] {
        let (status, printed) = check(&vpp(release, []), &[], "");
        assert_eq!(status, 0, "{printed}");
    }
    let (_, printed) = check(&vpp(Release::V22_10, []), &[], "");
    assert!(
        printed.contains("instead of memif_create_v2, which this VPP lacks"),
        "{printed}"
    );
}

#[test]
fn missing_messages_are_listed_first_with_the_reason() {
    let hidden = [
        "tap_create_v2",
        "tap_create_v3",
        "tap_delete_v2",
        "sw_interface_tap_v2_dump",
    ];
    let faults = hidden.map(|name| FaultRule::new(name, Fault::Hide));
    let crc = FaultRule::new("memif_create_v2", Fault::Crc(0x0bad_cafe));
    let details = FaultRule::new("sw_interface_tap_v2_details", Fault::Hide);
    let sim = vpp(Release::V23_02, faults.into_iter().chain([crc, details]));
    let list = "
        control_ping_51077d14
        memif_delete
        tap_create_v3_3f3fd1df
        memif_create_v2_8c7de5f7
        bridge_domain_add_del_v2_00000000
        avf_create_daab8ae2
        make_coffee";
    let (status, printed) = check(&sim, &["--messages", "-"], list);
    assert_eq!(status, 1, "{printed}");
    let lines: Vec<_> = printed.lines().collect();
    let socket = sim.socket().display();
    assert_eq!(
        lines[0],
        format!("VPP 23.02-release at {socket}: not fit, 5 of 7 messages are missing")
    );
    let rest = lines[1..].join("\n");
    insta::assert_snapshot!(rest, @r"
    absent     tap_create_v3             tap_plugin.so (module tapv2) is not loaded
    absent     memif_create_v2           module memif of this VPP lacks it, that of v26.06 has it
    absent     avf_create                avf_plugin.so (module avf) is not loaded
    absent     make_coffee               no VPP from v21.06 to v26.06 has it: an external plugin, or a typo
    other CRC  bridge_domain_add_del_v2  expected 00000000, VPP has 600b7170: generate the program's bindings for this VPP
    present    control_ping
    present    memif_delete
    ");
}

#[test]
fn optional_messages_are_reported_and_not_required() {
    let sim = vpp(
        Release::LATEST,
        [FaultRule::new("proxy_arp_add_del", Fault::Hide)],
    );
    let (status, printed) = check(&sim, &[], "");
    assert_eq!(status, 0, "{printed}");
    let mut lines = printed.lines();
    let first = lines.next().unwrap();
    assert!(
        first.ends_with("messages are present; missing for some configurations: 1"),
        "{first}"
    );
    let second = lines.next().unwrap();
    assert!(
        second.starts_with("absent     proxy_arp_add_del"),
        "{second}"
    );
    assert!(second.ends_with("(only for proxy ARP)"), "{second}");
    let list = "control_ping\nproxy ARP:\nproxy_arp_add_del";
    let (status, printed) = check(&sim, &["--messages", "-", "--format", "json"], list);
    let printed: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((status, &printed["fit"]), (0, &json!(true)));
    assert_eq!(printed["messages"][1]["only_for"], "proxy ARP");
    assert_eq!(printed["messages"][1]["state"], "absent");
}

#[test]
fn names_without_crc_get_it_from_definitions() {
    let sim = vpp(
        Release::LATEST,
        [FaultRule::new("memif_delete", Fault::Crc(1))],
    );
    let (status, _) = check(&sim, &["--messages", "-"], "memif_delete");
    assert_eq!(status, 0, "any CRC is accepted");
    let arguments = ["--messages", "-", "--api-dir", "vendored"];
    let (status, printed) = check(&sim, &arguments, "memif_delete");
    assert_eq!(status, 1, "{printed}");
    assert!(
        printed.contains("expected f9e6675e, VPP has 00000001"),
        "{printed}"
    );
}

#[test]
fn json_output_is_one_object() {
    let sim = vpp(Release::V22_10, []);
    let list = "memif_create_v2_8c7de5f7 | memif_create_b1b25061\navf_create";
    let (status, printed) = check(&sim, &["--messages", "-", "--format", "json"], list);
    assert_eq!(status, 1, "{printed}");
    let printed: Value = serde_json::from_str(&printed).unwrap();
    let messages = json!([
        {
            "name": "memif_create", "state": "present", "preferred": "memif_create_v2",
            "crc": "b1b25061", "vpp_crc": "b1b25061",
            "module": "memif", "plugin": "memif_plugin.so", "newest_release": "v26.06",
        },
        {
            "name": "avf_create", "state": "absent", "preferred": "avf_create",
            "module": "avf", "plugin": "avf_plugin.so", "newest_release": "v25.10",
        },
    ]);
    assert_eq!(printed["messages"], messages);
    assert_eq!(printed["fit"], false);
    assert_eq!(printed["version"], "22.10-release");
}

#[test]
fn an_invalid_list_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list");
    std::fs::write(&list, "memif_create\nmemif create\n").unwrap();
    let list = list.to_str().unwrap();
    let error = error_of(&["check", "--socket", "/nowhere", "--messages", list], 2);
    assert!(
        error.contains("line 2: \"memif create\" is not a message"),
        "{error}"
    );
    let error = error_of(
        &["check", "--socket", "/nowhere", "--messages", "/dev/null"],
        2,
    );
    assert!(error.contains("/dev/null lists no messages"), "{error}");
    let error = error_of(&["check", "--socket", "/nowhere"], 2);
    assert!(
        error.contains("cannot connect to VPP at /nowhere"),
        "{error}"
    );
}
