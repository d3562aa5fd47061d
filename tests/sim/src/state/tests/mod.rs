mod layer3;

use tempfile::TempDir;

use super::*;

struct Fixture {
    state: VppState,
    folder: TempDir,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let state = VppState::new(Release::default(), folder.path().to_owned(), 1);
        Self { state, folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn memif(&mut self, role: u32, id: u32, socket_id: u32) -> Result<u32, (VppError, u32)> {
        let request = MemifRequest {
            role,
            id,
            socket_id,
            ..MemifRequest::default()
        };
        self.state
            .create_memif(request)
            .map_err(|failure| match failure {
                MemifFailure::Refused(error, index) => (error, index),
                MemifFailure::Crash(crash) => panic!("{crash:?}"),
            })
    }

    fn address(&mut self, index: u32, is_add: bool, text: &str) -> Outcome {
        let (address, len) = text.split_once('/').unwrap();
        let address = (address.parse().unwrap(), len.parse().unwrap());
        self.state
            .change_address(index, is_add, false, address)
            .unwrap()
    }
}

#[test]
fn a_memif_socket_cannot_be_deleted_while_in_use() {
    let mut it = Fixture::new();
    let name = it.path("m.sock");
    assert_eq!(
        it.state.add_memif_socket(0, &name),
        Err(VppError::INVALID_ARGUMENT)
    );
    assert_eq!(
        it.state.add_memif_socket(5, ""),
        Err(VppError::INVALID_ARGUMENT)
    );
    assert_eq!(it.state.add_memif_socket(5, &name), Ok(()));
    assert_eq!(it.state.add_memif_socket(5, &name), Ok(()));
    assert_eq!(
        it.state.add_memif_socket(5, "/x"),
        Err(VppError::ENTRY_ALREADY_EXISTS)
    );
    assert_eq!(it.memif(0, 1, 5), Ok(1));
    assert!(std::fs::exists(&name).unwrap());
    assert_eq!(it.memif(0, 1, 5), Err((VppError::SUBIF_ALREADY_EXISTS, 0)));
    assert_eq!(it.memif(1, 2, 5), Err((VppError::SUBIF_ALREADY_EXISTS, 0)));
    assert_eq!(it.memif(0, 2, 6), Err((VppError::INVALID_ARGUMENT, 0)));
    assert_eq!(
        it.state.delete_memif_socket(5),
        Err(VppError::UNEXPECTED_INTF_STATE)
    );
    assert_eq!(it.state.delete_memif(1), Ok(Ok(())));
    assert_eq!(
        it.state.delete_memif(1),
        Ok(Err(VppError::INVALID_SW_IF_INDEX))
    );
    assert_eq!(it.state.delete_memif_socket(5), Ok(()));
    assert!(std::fs::exists(&name).unwrap(), "VPP leaves the file");
}

#[test]
fn after_a_failed_listen_the_next_master_does_not_listen() {
    let mut it = Fixture::new();
    let name = it.path("missing/m.sock");
    it.state.add_memif_socket(5, &name).unwrap();
    assert_eq!(it.memif(0, 1, 5), Err((VppError::SYSCALL_ERROR_4, 1)));
    assert!(it.state.events.take()[&1].deleted);
    assert_eq!(it.memif(0, 1, 5), Ok(1));
    assert_eq!(
        it.state.delete_memif_socket(5),
        Ok(()),
        "VPP's count of users is off by one"
    );
}

#[test]
fn deleting_the_last_memif_after_a_failed_listen_crashes_vpp() {
    let mut it = Fixture::new();
    let name = it.path("missing/m.sock");
    it.state.add_memif_socket(5, &name).unwrap();
    it.memif(0, 1, 5).unwrap_err();
    assert_eq!((it.memif(1, 1, 5), it.memif(1, 2, 5)), (Ok(1), Ok(2)));
    assert!(it.state.delete_memif(2).is_err());
}

#[test]
fn a_relative_memif_socket_is_created_in_the_runtime_folder() {
    let mut it = Fixture::new();
    it.state.add_memif_socket(5, "a/b.sock").unwrap();
    let filename = it.state.memif_sockets().last().unwrap().filename.clone();
    assert_eq!(filename, it.path("a/b.sock"));
    assert!(it.folder.path().join("a").is_dir());
}

#[test]
fn vhost_files_are_created_and_removed() {
    let mut it = Fixture::new();
    let request = |path: &str| VhostRequest {
        is_server: true,
        sock_filename: path.to_owned(),
        ..VhostRequest::default()
    };
    let (first, second) = (it.path("a"), it.path("b"));
    assert_eq!(
        it.state.create_vhost(request("")),
        Err((VppError::INVALID_ARGUMENT, u32::MAX))
    );
    assert_eq!(it.state.create_vhost(request(&first)), Ok(1));
    assert_eq!(
        it.state.create_vhost(request(&first)),
        Err((VppError::IF_ALREADY_EXISTS, 1))
    );
    let missing = request(&it.path("no/c"));
    assert_eq!(
        it.state.create_vhost(missing),
        Err((VppError::SYSCALL_ERROR_2, u32::MAX))
    );
    it.state.modify_vhost(1, request(&second)).unwrap();
    assert!(!std::fs::exists(&first).unwrap() && std::fs::exists(&second).unwrap());
    it.state.delete_vhost(1).unwrap();
    assert!(!std::fs::exists(&second).unwrap());
    assert_eq!(it.state.delete_vhost(1), Err(VppError::INVALID_SW_IF_INDEX));
}

#[test]
fn addresses_conflict_as_in_vpp() {
    let mut it = Fixture::new();
    it.state.add_loopbacks(2).unwrap();
    let mismatch = Err(VppError::ADDRESS_LENGTH_MISMATCH);
    let (in_use, duplicate) = (
        Err(VppError::ADDRESS_IN_USE),
        Err(VppError::DUPLICATE_IF_ADDRESS),
    );
    let absent = Err(VppError::ADDRESS_NOT_FOUND_FOR_INTERFACE);
    for (index, is_add, address, expected) in [
        (9, true, "10.0.0.1/24", Err(VppError::INVALID_SW_IF_INDEX)),
        (0, true, "10.0.0.1/24", Err(VppError::UNSUPPORTED)),
        (1, true, "10.0.0.1/0", mismatch),
        (1, true, "10.0.0.1/33", mismatch),
        (1, true, "10.0.0.1/24", Ok(())),
        (1, true, "10.0.0.1/25", in_use),
        (2, true, "10.0.0.1/0", in_use),
        (1, true, "10.0.0.2/25", in_use),
        (1, true, "10.0.0.2/24", Ok(())),
        (2, true, "10.0.0.200/25", in_use),
        (2, false, "10.0.0.1/24", absent),
        (1, false, "10.0.0.1/8", Ok(())),
        (1, false, "10.0.0.77/24", absent),
        (1, true, "2001:db8::1/129", mismatch),
        (1, true, "2001:db8::1/64", Ok(())),
        (1, true, "2001:db8::1/63", duplicate),
        (1, true, "2001:db8::2/64", Ok(())),
        (2, true, "2001:db8::3/48", duplicate),
        (2, true, "fe80::1/64", mismatch),
        (2, true, "fe80::1/128", Ok(())),
        (2, true, "fe80::2/128", Ok(())),
        (2, false, "fe80::1/128", absent),
        (
            2,
            false,
            "fe80::2/128",
            Err(VppError::ADDRESS_NOT_DELETABLE),
        ),
    ] {
        assert_eq!(
            it.address(index, is_add, address),
            expected,
            "{is_add} {address} on {index}"
        );
    }
    assert_eq!(
        it.state.addresses(2, true).count(),
        0,
        "link-local is not listed"
    );
}

#[test]
fn deleting_a_link_local_address_without_ipv6_crashes_vpp() {
    let mut it = Fixture::new();
    it.state.add_loopbacks(1).unwrap();
    let delete = |it: &mut Fixture| {
        let address = ("fe80::1".parse().unwrap(), 128);
        it.state.change_address(1, false, false, address)
    };
    it.address(1, true, "2001:db8::1/64").unwrap();
    assert_eq!(
        delete(&mut it),
        Ok(Err(VppError::ADDRESS_NOT_FOUND_FOR_INTERFACE))
    );
    it.address(1, false, "2001:db8::1/64").unwrap();
    assert!(delete(&mut it).is_err());
}

#[test]
fn bridges_are_created_implicitly_and_slots_are_reused() {
    let mut it = Fixture::new();
    it.state.add_loopbacks(4).unwrap();
    let state = &mut it.state;
    let ids = |state: &VppState| state.bridges().map(|bridge| bridge.id).collect::<Vec<_>>();
    state.attach_to_bridge(1, 7, BridgePort::Normal, 3).unwrap();
    state.attach_to_bridge(2, 7, BridgePort::Bvi, 0).unwrap();
    let second = state.attach_to_bridge(3, 7, BridgePort::Bvi, 0);
    assert_eq!(second, Err(VppError::BD_ALREADY_HAS_BVI));
    state.attach_to_bridge(4, 7, BridgePort::UuFwd, 0).unwrap();
    let bridge = state.bridge(7).unwrap();
    let members: Vec<u32> = bridge.members.iter().map(|it| it.sw_if_index).collect();
    assert_eq!(
        (members, bridge.bvi, bridge.uu_fwd),
        (vec![2, 1], Some(2), Some(4))
    );
    assert_eq!(bridge.flags, BridgeFlags::AUTOMATIC);
    assert_eq!(state.delete_bridge(7), Err(VppError::BD_IN_USE));
    state.attach_to_bridge(1, 8, BridgePort::Normal, 0).unwrap();
    state.detach_from_bridge(2);
    assert_eq!(state.delete_bridge(7), Ok(()));
    assert_eq!(state.delete_bridge(7), Err(VppError::NO_SUCH_ENTRY));
    let aged = Bridge {
        id: 9,
        mac_age: 5,
        ..Bridge::default()
    };
    state.add_bridge(aged).unwrap();
    assert_eq!(ids(state), [9, 8], "the lowest free slot is taken");
    state.delete_bridge(9).unwrap();
    state
        .attach_to_bridge(2, 10, BridgePort::Normal, 0)
        .unwrap();
    assert_eq!(state.bridge(10).unwrap().mac_age, 5, "a slot keeps its age");
    assert_eq!(state.change_bridge(10, 3, false), Ok(0xffff_fd27));
    assert_eq!(state.change_bridge(10, 16, true), Ok(0xffff_fd37));
}

#[test]
fn a_table_exists_while_the_api_or_an_interface_uses_it() {
    let mut it = Fixture::new();
    it.state.add_loopbacks(1).unwrap();
    let state = &mut it.state;
    let ids = |state: &VppState| {
        state
            .tables(false)
            .map(|table| table.id)
            .collect::<Vec<_>>()
    };
    state.add_table(false, 5, "");
    assert_eq!(state.set_table(1, false, 6), Err(VppError::NO_SUCH_FIB));
    assert_eq!(state.set_table(1, false, 5), Ok(()));
    state.delete_table(false, 0);
    state.delete_table(false, 5);
    assert_eq!(ids(state), [0, 5]);
    state.delete_loopback(1).unwrap();
    assert_eq!(ids(state), [0]);
}

#[test]
fn events_contain_changes() {
    let mut it = Fixture::new();
    let state = &mut it.state;
    let index = state.create_loopback([0; 6], None).unwrap();
    assert_eq!(state.events.take()[&index], InterfaceChange::PLAIN);
    state.set_admin(index, true).unwrap();
    assert_eq!(state.events.take()[&index].flags(), 3);
    state.set_admin(index, true).unwrap();
    assert!(state.events.is_empty());
    let vlan = state.create_vlan(index, 10).unwrap();
    state.events.take();
    state.delete_loopback(index).unwrap();
    let events = state.events.take();
    assert!(events[&index].deleted && events[&vlan].deleted);
    assert_eq!(
        state.create_loopback([0; 6], None),
        Ok(index),
        "the slot freed last is taken"
    );
}

#[test]
fn a_peer_brings_the_link_up() {
    let mut it = Fixture::new();
    let index = it.memif(1, 1, 0).unwrap();
    let state = &mut it.state;
    state.set_peer(index, true).unwrap();
    assert!(!state.interface(index).unwrap().link_up);
    state.set_admin(index, true).unwrap();
    assert_eq!(state.interface(index).unwrap().flags(), 3);
    state.events.take();
    state.set_peer(index, false).unwrap();
    assert_eq!(state.events.take()[&index], InterfaceChange::PLAIN);
}

#[test]
fn two_memifs_on_one_abstract_name_conflict() {
    let mut it = Fixture::new();
    for id in [5, 6] {
        it.state.add_memif_socket(id, "abstract:x").unwrap();
    }
    it.state
        .add_memif_socket(7, "abstract:x,netns_name=y")
        .unwrap();
    assert_eq!(it.memif(0, 1, 5), Ok(1));
    assert_eq!(it.memif(0, 1, 6), Err((VppError::SYSCALL_ERROR_4, 2)));
    assert_eq!(it.memif(0, 1, 7), Ok(2));
    it.state.delete_memif(1).unwrap().unwrap();
    it.state.delete_memif_socket(6).unwrap();
    it.state.add_memif_socket(6, "abstract:x").unwrap();
    assert_eq!(it.memif(0, 1, 6), Ok(1), "the name is free");
}

#[test]
fn v22_10_treats_an_abstract_name_as_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut state = VppState::new(Release::V22_10, folder.path().to_owned(), 1);
    state.add_memif_socket(5, "abstract:x").unwrap();
    let filename = state.memif_sockets().last().unwrap().filename.clone();
    assert_eq!(filename, folder.path().join("abstract:x").to_str().unwrap());
}
