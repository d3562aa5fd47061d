use cnivpp::attachment::MemifConfig;
use cnivpp::handover::{Attachment, Interface, VhostMode, VhostUser};

use crate::support::Container;

fn memif(attachment: &Attachment) -> &MemifConfig {
    match &attachment.interface {
        Interface::Memif(memif) => memif,
        Interface::VhostUser(_) => panic!("{attachment:?}"),
    }
}

/// Filters the requests that change VPP.
fn changes(requests: &[&'static str]) -> Vec<&'static str> {
    let reads = ["dump", "lookup", "ping", "show_version", "sockclnt", "get"];
    let is_change = |it: &&&str| !reads.iter().any(|read| it.contains(read));
    requests.iter().filter(is_change).copied().collect()
}

#[test]
fn check_39_all_interfaces_are_configured() {
    let container = Container::new();
    let one = container.attachment("net1");
    let two = Attachment {
        interface: Interface::Memif(MemifConfig {
            is_master: true,
            ..memif(&one).clone()
        }),
        ..container.attachment("net2")
    };
    container.write(&one);
    container.write(&two);
    let ended = container.run();
    assert_eq!(ended.status, 0, "{ended:?}");
    container.assert_has(&[one.clone(), two]);
    let state = container.sim.state();
    let created: Vec<_> = state.memifs().map(|it| it.request.clone()).collect();
    assert_eq!(created.iter().map(|it| it.role).collect::<Vec<_>>(), [1, 0]);
    for request in created {
        assert_eq!(request.mode, 0);
        assert_eq!(request.ring_size, 2048);
        assert_eq!(request.buffer_size, 4096);
        // A master uses the number of queues of its peer.
        let queues = if request.role == 0 { (0, 0) } else { (2, 1) };
        assert_eq!((request.rx_queues, request.tx_queues), queues);
        assert_eq!(request.secret, "s3cret");
    }
    assert!(!ended.out.contains("s3cret") && !ended.err.contains("s3cret"));
}

#[test]
fn check_39_a_second_run_changes_nothing() {
    let container = Container::new();
    for name in ["net1", "net2"] {
        container.write(&container.attachment(name));
    }
    assert_eq!(container.run().status, 0);
    container.sim.clear_requests();
    let ended = container.run();
    assert_eq!(ended.status, 0);
    assert!(
        ended.states().iter().all(|it| it.1 == "unchanged"),
        "{ended:?}"
    );
    assert_eq!(changes(&container.sim.requests()), Vec::<&str>::new());
}

#[test]
fn a_restarted_container_is_configured_again() {
    let container = Container::new();
    let attachment = container.attachment("net1");
    container.write(&attachment);
    assert_eq!(container.run().status, 0);
    let files = std::fs::read_dir(container.folder.path()).unwrap();
    let files: Vec<_> = files.map(|it| it.unwrap().file_name()).collect();
    assert_eq!(files, ["local-0958c8871b32-net1.json"]);
    let container = container.restarted();
    let ended = container.run();
    assert_eq!(ended.status, 0, "{ended:?}");
    assert!(
        ended.states().iter().all(|it| it.1 == "configured"),
        "{ended:?}"
    );
    container.assert_has(&[attachment]);
}

#[test]
fn changed_settings_are_restored() {
    use cnivpp::api::{InterfaceIndex, address, interface};
    let container = Container::new();
    let attachment = container.attachment("net1");
    container.write(&attachment);
    assert_eq!(container.run().status, 0);
    crate::support::with_client(&container.sim, async |client| {
        let index = InterfaceIndex(1);
        interface::set_admin_up(client, index, false).await.unwrap();
        interface::set_mtu(client, index, 9000).await.unwrap();
        address::remove(client, index, attachment.addresses[0].address)
            .await
            .unwrap();
    });
    let ended = container.run();
    assert_eq!(ended.status, 0, "{ended:?}");
    container.assert_has(&[attachment]);
}

#[test]
fn vhost_user_is_rejected_with_a_reason() {
    let container = Container::new();
    let vhost = Attachment {
        interface: Interface::VhostUser(VhostUser {
            mode: VhostMode::Client,
        }),
        ..container.attachment("net2")
    };
    let memif = container.attachment("net1");
    container.write(&vhost);
    container.write(&memif);
    let ended = container.run();
    assert_eq!(ended.status, 1);
    assert!(
        ended.err.contains("VPP is the backend of vhost-user"),
        "{ended:?}"
    );
    container.assert_has(&[memif]);
}

#[test]
fn a_memif_in_ip_mode_has_no_mac_address() {
    let container = Container::new();
    let base = container.attachment("net1");
    let attachment = Attachment {
        interface: Interface::Memif(MemifConfig {
            is_ip: true,
            ..memif(&base).clone()
        }),
        ..base
    };
    container.write(&attachment);
    let ended = container.run();
    assert_eq!(ended.status, 0, "{ended:?}");
    let expected = Attachment {
        mac: None,
        ..attachment
    };
    container.assert_has(&[expected]);
    let ended = container.run();
    assert!(
        ended.states().iter().all(|it| it.1 == "unchanged"),
        "{ended:?}"
    );
}

#[test]
fn the_interface_joins_the_containers_bridge() {
    let container = Container::new();
    let attachment = Attachment {
        bridge: Some(7),
        ..container.attachment("net1")
    };
    container.write(&attachment);
    let ended = container.run();
    assert_eq!(ended.status, 0, "{ended:?}");
    assert!(container.sim.state().bridge(7).is_some());
    let ended = container.run();
    assert!(
        ended.states().iter().all(|it| it.1 == "unchanged"),
        "{ended:?}"
    );
}

#[test]
fn an_interface_of_another_owner_is_not_changed() {
    use cnivpp::api::{interface, memif};
    let container = Container::new();
    let attachment = container.attachment("net1");
    crate::support::with_client(&container.sim, async |client| {
        let other = container.path("other.sock");
        let socket = memif::add_socket(client, None, other.to_str().unwrap())
            .await
            .unwrap();
        let create = memif::Create {
            socket_id: socket,
            role: memif::Role::Slave,
            mac: attachment.mac,
            ..Default::default()
        };
        let index = memif::create(client, &create).await.unwrap();
        interface::set_tag(client, index, "other").await.unwrap();
    });
    container.write(&attachment);
    let ended = container.run();
    assert_eq!(ended.status, 0, "{ended:?}");
    let state = container.sim.state();
    let tags: Vec<_> = state.interfaces().map(|it| it.tag.as_str()).collect();
    assert_eq!(tags.len(), 3, "{tags:?}");
    assert!(tags.contains(&"other"));
}

/// VPP 26.06 ignores the rx mode of a memif without queues.
#[test]
fn the_rx_mode_is_set_after_the_other_end_is_connected() {
    let container = Container::new();
    container.write(&container.attachment("net1"));
    let ended = container.run();
    assert_eq!(ended.status, 0);
    assert!(ended.err.contains("the rx mode is not set"), "{ended:?}");
    let message = "sw_interface_set_rx_mode";
    assert!(!container.sim.requests().contains(&message));
    container.sim.set_peer(1, true).unwrap();
    let ended = container.run();
    assert_eq!(ended.status, 0);
    assert!(!ended.err.contains("the rx mode is not set"), "{ended:?}");
    assert!(container.sim.requests().contains(&message));
}
