use cnivpp::attachment::MemifConfig;
use cnivpp::handover::{
    Attachment, Audience, ConfigData, Interface, Source, VhostMode, VhostUser, read,
    write_config_data, write_pair,
};
use serde_json::{Value, json};

use crate::{ID, folder, full, names, write};

#[test]
fn written_attachments_are_read_back() {
    let vhost = Attachment {
        interface: Interface::VhostUser(VhostUser {
            mode: VhostMode::Client,
        }),
        bridge: Some(5),
        mac: None,
        mtu: None,
        rx_mode: None,
        routes: Vec::new(),
        ..full("net1")
    };
    let abstract_socket = Attachment {
        socket: "abstract:net1,netns_name=/run/netns/x".to_owned(),
        ..full("net1")
    };
    for attachment in [full("net1"), vhost, abstract_socket] {
        let (_folder, dir) = folder();
        write_pair(&dir, &attachment, Audience::default()).unwrap();
        let found = read(&[&dir]);
        assert_eq!(found.problems, []);
        assert_eq!(found.attachments[0].attachment, attachment);
        assert_eq!(found.attachments[0].source, Source::Pair);

        let (_folder, dir) = folder();
        write_config_data(&dir, &attachment, Audience::default()).unwrap();
        let found = read(&[&dir]);
        assert_eq!(found.problems, []);
        assert_eq!(found.attachments[0].attachment, attachment);
        assert_eq!(found.attachments[0].source, Source::ConfigData);
    }
}

#[test]
fn config_data_has_the_layout_of_the_go_plugin() {
    let (_folder, dir) = folder();
    write_config_data(&dir, &full("net1"), Audience::default()).unwrap();
    let name = "configData-0958c8871b32-net1.json";
    let bytes = dir.read(name, 10_000).unwrap().bytes;
    let written: Value = serde_json::from_slice(&bytes).unwrap();
    let expected = json!({
        "containerId": ID,
        "ifName": "net1",
        "name": "net",
        "config": {
            "engine": "vpp",
            "iftype": "memif",
            "netType": "interface",
            "memif": {"role": "master", "mode": "ip", "socketfile": "memif-net1.sock"},
            "vhost": {},
            "bridge": {},
        },
        "ipResult": {
            "ips": [
                {"version": "4", "address": "10.1.0.5/24", "gateway": "10.1.0.1"},
                {"version": "6", "address": "fd00::5/64"},
            ],
            "routes": [{"dst": "0.0.0.0/0", "gw": "10.1.0.1"}],
            "dns": {},
        },
        "vpp": {
            "schema": 1,
            "socket": "/run/x/memif-net1.sock",
            "memifId": 7,
            "ringSize": 2048,
            "bufferSize": 4096,
            "rxQueues": 2,
            "txQueues": 3,
            "secret": "s3cret",
            "mac": "02:00:00:00:00:01",
            "mtu": 1400,
            "rxMode": "adaptive",
        },
    });
    assert_eq!(written, expected);
}

#[test]
fn the_pair_has_the_layout_of_the_go_plugin() {
    let (_folder, dir) = folder();
    write_pair(&dir, &full("net1"), Audience::default()).unwrap();
    let parse = |name: &str| -> Value {
        serde_json::from_slice(&dir.read(name, 10_000).unwrap().bytes).unwrap()
    };
    let remote = parse("remote-0958c8871b32-net1.json");
    assert_eq!(remote["name"], "net");
    assert_eq!(remote["type"], "userspace");
    assert_eq!(remote["host"]["memif"]["role"], "master");
    assert_eq!(remote["container"]["engine"], Value::Null);
    assert!(!remote.to_string().contains("s3cret"));
    let add_data = parse("addData-0958c8871b32-net1.json");
    assert_eq!(add_data["containerId"], ID);
    assert_eq!(add_data["ifName"], "net1");
    assert_eq!(add_data["ipResult"]["ips"][0]["version"], "4");
    assert_eq!(add_data["vpp"]["secret"], "s3cret");
}

/// The format that `SaveRemoteConfig` of the Go plugin at HEAD writes.
#[test]
fn config_data_of_the_go_plugin_is_read() {
    let (folder, dir) = folder();
    let text = r#"{"containerId":"0958c8871b32f00d","ifName":"net1","name":"memif-net",
        "config":{"engine":"vpp","iftype":"memif","netType":"interface",
            "memif":{"role":"slave","mode":"ethernet","socketfile":"memif-0958c8871b32-net1.sock"},
            "vhost":{},"bridge":{}},
        "ipResult":{"cniVersion":"1.0.0","interfaces":[{"name":"net1","sandbox":"/x"}],
            "ips":[{"address":"10.56.217.131/24","gateway":"10.56.217.1"}],
            "routes":[{"dst":"0.0.0.0/0"}],"dns":{}}}"#;
    write(folder.path(), "configData-0958c8871b32-net1.json", text);
    let found = read(&[&dir]);
    assert_eq!(found.problems, []);
    let attachment = &found.attachments[0].attachment;
    let socket = folder.path().join("memif-0958c8871b32-net1.sock");
    assert_eq!(attachment.socket, socket.to_str().unwrap());
    let Interface::Memif(memif) = &attachment.interface else {
        panic!("{attachment:?}");
    };
    assert_eq!(*memif, MemifConfig::default());
    assert_eq!(
        attachment.addresses[0].address,
        "10.56.217.131/24".parse().unwrap()
    );
    assert_eq!(attachment.routes[0].gw, None);
}

/// The format that the Go plugin at ba6d5676 writes. The names have no container ID.
#[test]
fn the_pair_of_2018_is_read() {
    let (folder, dir) = folder();
    let remote = r#"{"cniVersion":"0.3.1","name":"memif-net","type":"userspace","ipam":{},"dns":{},
        "host":{"engine":"vpp","iftype":"memif","netType":"bridge","memif":{"role":"slave","mode":""},
            "vhost":{"mode":""},"bridge":{"bridgeName":"4"}},
        "container":{"memif":{"role":"","mode":""},"vhost":{"mode":""},"bridge":{"bridgeName":""}},
        "logFile":"","logLevel":""}"#;
    let add_data =
        r#"{"containerId":"0958c8871b32f00d","ifName":"net0","ipResult":{"ips":null,"dns":{}}}"#;
    write(folder.path(), "remote-net0.json", remote);
    write(folder.path(), "addData-net0.json", add_data);
    let found = read(&[&dir]);
    assert_eq!(found.problems, []);
    let attachment = &found.attachments[0].attachment;
    assert!(
        attachment
            .socket
            .starts_with("/var/lib/cni/usrspcni/shared/memif-0958c8871b32")
    );
    assert_eq!(attachment.bridge, Some(4));
    let Interface::Memif(memif) = &attachment.interface else {
        panic!("{attachment:?}");
    };
    assert_eq!((memif.is_master, memif.is_ip), (false, false));
}

#[test]
fn pair_config_data_and_own_record_are_used_in_this_order() {
    let of = |network: &str| Attachment {
        network: network.to_owned(),
        ..full("net1")
    };
    let network = |dir| {
        let found = read(&[dir]);
        assert_eq!(names(&found), ["net1"]);
        found.attachments[0].attachment.network.clone()
    };
    let (folder, dir) = folder();
    let own = serde_json::to_vec(&ConfigData::new(&of("own"))).unwrap();
    write(folder.path(), "local-0958c8871b32-net1.json", own);
    assert_eq!(network(&dir), "own");
    write_config_data(&dir, &of("config"), Audience::default()).unwrap();
    assert_eq!(network(&dir), "config");
    write_pair(&dir, &of("pair"), Audience::default()).unwrap();
    assert_eq!(network(&dir), "pair");
}

/// A recreated sandbox has a new container ID, but its pod has the same folder.
#[test]
fn among_equal_sources_the_newest_is_used() {
    let other = "f".repeat(64);
    for (old, new) in [(ID, other.as_str()), (other.as_str(), ID)] {
        let (folder, dir) = folder();
        for (id, seconds) in [(new, 2000), (old, 1000)] {
            let attachment = Attachment {
                container_id: id.to_owned(),
                ..full("net1")
            };
            write_config_data(&dir, &attachment, Audience::default()).unwrap();
            let name = format!("configData-{}-net1.json", &id[..12]);
            let file = std::fs::File::options()
                .write(true)
                .open(folder.path().join(name));
            let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
            file.unwrap().set_modified(time).unwrap();
        }
        let found = read(&[&dir]);
        assert_eq!(names(&found), ["net1"]);
        assert_eq!(found.attachments[0].attachment.container_id, new);
    }
}

/// The Go plugin's program writes its own record with the same name.
#[test]
fn records_of_the_go_plugins_program_are_ignored() {
    let (folder, dir) = folder();
    let text = r#"{"swIfIndex":1,"memifSocketId":1}"#;
    write(folder.path(), "local-0958c8871b32-net1.json", text);
    assert_eq!(read(&[&dir]), Default::default());
    write_pair(&dir, &full("net1"), Audience::default()).unwrap();
    assert_eq!(names(&read(&[&dir])), ["net1"]);
}

#[test]
fn an_annotation_has_no_secret() {
    let data = ConfigData::new(&full("net1")).without_secret();
    assert!(!serde_json::to_string(&data).unwrap().contains("s3cret"));
    assert!(!format!("{:?} {:?}", full("net1"), ConfigData::new(&full("net1"))).contains("s3cret"));
}
