use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::{example, memif, parse, with};
use crate::cni::Mac;
use crate::netconf::*;

#[test]
fn the_go_plugins_example_is_accepted() {
    let netconf = parse(&example()).unwrap();
    assert_eq!(netconf.host.network, Network::Bridge { id: 4 });
    assert_eq!(netconf.container.network, Network::Interface { table: 0 });
    let Interface::Memif(host) = &netconf.host.interface else {
        panic!("{:?}", netconf.host);
    };
    let Interface::Memif(container) = &netconf.container.interface else {
        panic!("{:?}", netconf.container);
    };
    assert_eq!(host.role, MemifRole::Master);
    assert_eq!(container.role, MemifRole::Slave);
    assert_eq!(netconf.warnings, Vec::<String>::new());
}

#[test]
fn the_go_plugins_other_examples_are_accepted() {
    let mut example = with("/host/bridge", json!({"bridgeId": 4}));
    example["kubeconfig"] = "/etc/cni/net.d/multus.d/multus.kubeconfig".into();
    example["logFile"] = "/var/log/userspace-vpp-net-1-cni.log".into();
    example["logLevel"] = "debug".into();
    example["sharedDir"] = "/usr/local/var/run/openvswitch/".into();
    let netconf = parse(&example).unwrap();
    assert_eq!(netconf.host.network, Network::Bridge { id: 4 });
    assert_eq!(netconf.log_level, LogLevel::Debug);
    assert_eq!(
        netconf.shared_dir.as_deref(),
        Some(Path::new("/usr/local/var/run/openvswitch"))
    );
}

#[test]
fn every_default_is_filled_in() {
    let netconf = parse(&json!({"host": memif()})).unwrap();
    let host = Memif {
        role: MemifRole::Master,
        mode: MemifMode::Ethernet,
        socket_file: None,
        socket_type: SocketType::File,
        id: 0,
        ring_size: 1024,
        buffer_size: 2048,
        rx_queues: 1,
        tx_queues: 1,
        secret: None,
        group: None,
        socket_mode: None,
    };
    let container = Memif {
        role: MemifRole::Slave,
        ..host.clone()
    };
    let side = |link, network| Side {
        interface: Interface::Memif(link),
        network,
        mac: None,
        mtu: None,
        rx_mode: None,
    };
    let expected = NetConf {
        host: side(host, Network::None),
        container: side(container, Network::Interface { table: 0 }),
        kubeconfig: None,
        kubelet_root: NetConf::KUBELET_ROOT.into(),
        shared_dir: None,
        log_file: None,
        log_level: LogLevel::Warning,
        vpp_socket: "/run/vpp/api.sock".into(),
        state_dir: "/var/lib/cni/usrspcni".into(),
        durable: false,
        timeout: Duration::from_secs(30),
        paths: Paths::default(),
        warnings: Vec::new(),
    };
    assert_eq!(netconf, expected);
}

#[test]
fn the_container_defaults_to_the_other_end() {
    let netconf = parse(&json!({"host": {
        "engine": "vpp", "iftype": "memif", "mtu": 9000,
        "memif": {
            "role": "slave", "mode": "ip", "socketfile": "a.sock", "socketType": "abstract",
            "id": 7, "ringSize": 32, "bufferSize": 4096, "rxQueues": 2, "txQueues": 3,
            "secret": "s"
        }
    }}));
    let container = netconf.unwrap().container;
    assert_eq!(container.mtu, Some(9000));
    let expected = Memif {
        role: MemifRole::Master,
        mode: MemifMode::Ip,
        socket_file: SocketFile::new("a.sock").ok(),
        socket_type: SocketType::Abstract,
        id: 7,
        ring_size: 32,
        buffer_size: 4096,
        rx_queues: 3,
        tx_queues: 2,
        secret: Secret::new("s").ok(),
        group: None,
        socket_mode: None,
    };
    assert_eq!(container.interface, Interface::Memif(expected));
}

#[test]
fn vhost_user_has_its_own_keys() {
    let netconf = parse(&json!({"host": {
        "engine": "vpp", "iftype": "vhostuser", "mac": "02:00:00:00:00:01",
        "vhost": {"mode": "server", "group": "kvm", "socketMode": "0660", "gso": true}
    }}));
    let netconf = netconf.unwrap();
    let host = Vhost {
        mode: VhostMode::Server,
        socket_file: None,
        group: Some("kvm".into()),
        socket_mode: Some(0o660),
        gso: true,
        packed: false,
    };
    let container = Vhost {
        mode: VhostMode::Client,
        group: None,
        socket_mode: None,
        ..host.clone()
    };
    assert_eq!(netconf.host.interface, Interface::Vhost(host));
    assert_eq!(netconf.host.mac, Some(Mac([2, 0, 0, 0, 0, 1])));
    assert_eq!(netconf.container.interface, Interface::Vhost(container));
    assert_eq!(netconf.container.mac, None);
}

#[test]
fn secrets_are_not_printed() {
    const SECRET: &str = "hunter2-hunter2-hunter2";
    let netconf = parse(&with("/host/memif/secret", SECRET.into())).unwrap();
    assert!(!format!("{netconf:?}").contains("hunter2"));
    let long = format!("{SECRET}-too-long");
    for value in [json!(long), json!([SECRET])] {
        let error = parse(&with("/host/memif/secret", value)).unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

#[test]
fn unknown_top_level_keys_are_ignored_and_misspelled_ones_cause_warnings() {
    let mut example = example();
    for key in ["KubeConfig", "shared_dir", "logfile", "x", "bandwidth"] {
        example[key] = json!([1]);
    }
    let warnings = parse(&example).unwrap().warnings;
    assert_eq!(warnings.len(), 3, "{warnings:?}");
    assert!(warnings[0].contains("\"KubeConfig\"") && warnings[0].contains("\"kubeconfig\""));
}

#[test]
fn node_paths_are_mapped_for_vpp_and_the_pod() {
    let paths = json!({"host": "/var/lib/a/", "vpp": "/shared", "pod": "/pod"});
    let paths = parse(&with("/paths", paths)).unwrap().paths;
    let inside = Path::new("/var/lib/a/b/c.sock");
    assert_eq!(paths.to_vpp(inside), Path::new("/shared/b/c.sock"));
    assert_eq!(paths.to_pod(inside), Path::new("/pod/b/c.sock"));
    assert_eq!(paths.to_vpp(Path::new("/var/lib/a")).as_os_str(), "/shared");
    let outside = Path::new("/var/lib/ab");
    assert_eq!(paths.to_vpp(outside), outside);
    assert_eq!(Paths::default().to_vpp(inside), inside);
}
