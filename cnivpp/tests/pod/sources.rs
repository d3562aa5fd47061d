use std::io::Write;

use cnivpp::handover::{Attachment, Audience, ConfigData, write_config_data};

use crate::support::{Container, ID, command, run};

#[test]
fn a_malformed_file_does_not_affect_others() {
    let container = Container::new();
    let attachment = container.attachment("net1");
    std::fs::write(container.path("configData-x-net0.json"), "{").unwrap();
    std::fs::write(container.path("remote-x-net2.json"), "{}").unwrap();
    container.write(&attachment);
    let ended = container.run();
    assert_eq!(ended.status, 1);
    assert_eq!(ended.json()["problems"].as_array().unwrap().len(), 2);
    assert!(
        ended.err.contains("configData-x-net0.json"),
        "{}",
        ended.err
    );
    container.assert_has(&[attachment]);
}

#[test]
fn check_39_a_missing_configuration_has_its_own_exit_status() {
    let container = Container::new();
    let ended = container.run();
    assert_eq!(ended.status, 3);
    assert!(
        ended.err.contains("no configuration was found"),
        "{}",
        ended.err
    );
    assert!(ended.json()["interfaces"].as_array().unwrap().is_empty());
    let missing = container.path("missing");
    let ended = run(command(container.sim.socket(), &missing).args(["--wait", "0"]));
    assert_eq!(ended.status, 3);
}

#[test]
fn invalid_options_are_rejected() {
    let container = Container::new();
    for options in [
        &["--wait", "-1"][..],
        &["--wait", "x"],
        &["--unknown"],
        &["file"],
    ] {
        let ended = run(container.command().args(options));
        assert_eq!(ended.status, 2, "{options:?}");
        assert!(ended.out.is_empty());
    }
}

#[test]
fn config_data_stays_until_del() {
    let container = Container::new();
    let attachment = container.attachment("net1");
    write_config_data(&container.dir, &attachment, Audience::default()).unwrap();
    assert_eq!(container.run().status, 0);
    assert!(container.path("configData-0958c8871b32-net1.json").exists());
    container.assert_has(&[attachment]);
}

#[test]
fn the_program_waits_for_files() {
    let container = Container::new();
    let attachment = container.attachment("net1");
    let running = container.command().args(["--wait", "60"]).spawn().unwrap();
    container.write(&attachment);
    let output = running.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    container.assert_has(&[attachment]);
}

/// The Go plugin does not write atomically.
#[test]
fn the_program_waits_for_incomplete_files() {
    let container = Container::new();
    let attachment = container.attachment("net1");
    let text = serde_json::to_vec(&ConfigData::new(&attachment)).unwrap();
    let mut file = std::fs::File::create(container.path("configData-x-net1.json")).unwrap();
    file.write_all(&text[..20]).unwrap();
    let running = container.command().args(["--wait", "60"]).spawn().unwrap();
    file.write_all(&text[20..]).unwrap();
    let output = running.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    container.assert_has(&[attachment]);
}

#[test]
fn files_override_the_annotations_of_the_pod() {
    let container = Container::new();
    let stale = Attachment {
        mtu: Some(1000),
        ..container.attachment("net1")
    };
    let fresh = container.attachment("net1");
    let other = container.attachment("net2");
    let entry = |it: &Attachment| serde_json::to_value(ConfigData::new(it)).unwrap();
    let entries = serde_json::to_string_pretty(&[entry(&stale), entry(&other)]).unwrap();
    let line = format!("userspace/configuration-data={entries:?}\n");
    std::fs::write(container.path("annotations"), format!("a=\"b\"\n{line}")).unwrap();
    container.write(&fresh);
    let ended = container.run();
    assert_eq!(ended.status, 0, "{ended:?}");
    container.assert_has(&[fresh, other]);
}

/// The format that the Go plugin and kubelet write: no `vpp`, and a second entry for the newer
/// sandbox.
#[test]
fn check_39_annotations_of_the_go_plugin_are_read() {
    let container = Container::new();
    let of = |id: &str, address: &str| {
        format!(
            r#"{{"containerId":"{id}","ifName":"net1","name":"n","config":{{"engine":"vpp",
            "iftype":"memif","netType":"interface","memif":{{"role":"slave","mode":"ethernet",
            "socketfile":"m.sock"}},"vhost":{{}},"bridge":{{}}}},"ipResult":{{"ips":[
            {{"address":"{address}"}}],"dns":{{}}}}}}"#
        )
    };
    let entries = format!("[{},{}]", of("old", "10.0.0.4/24"), of(ID, "10.0.0.5/24"));
    let folder = container.folder.path().to_str().unwrap();
    let text = format!(
        "userspace/configuration-data={entries:?}\nuserspace/mapped-dir={:?}\n",
        format!("{folder}/")
    );
    std::fs::write(container.path("annotations"), text).unwrap();
    let ended = container.run();
    assert_eq!(ended.status, 0, "{ended:?}");
    let state = container.sim.state();
    let address: Vec<_> = state
        .addresses(1, false)
        .map(|it| it.address.to_string())
        .collect();
    assert_eq!(address, ["10.0.0.5"]);
    let socket = format!("{folder}/m.sock");
    assert!(state.memif_sockets().any(|it| it.filename == socket));
}

#[test]
fn invalid_annotations_are_reported() {
    let container = Container::new();
    container.write(&container.attachment("net1"));
    let bad = [
        "userspace/configuration-data=[]",
        "userspace/configuration-data=\"[\"",
        "userspace/configuration-data=\"[{}]\"",
        "userspace/configuration-data=\"\\q\"",
    ];
    for text in bad {
        std::fs::write(container.path("annotations"), text).unwrap();
        let ended = container.run();
        assert_eq!(ended.status, 1, "{text}: {ended:?}");
        assert!(ended.err.contains("annotations"), "{text}: {ended:?}");
        assert_eq!(ended.states().len(), 1, "{text}");
    }
}
