use super::*;

/// Interface, kind and next hop of the paths of a route, or the error.
fn route(state: &VppState, prefix: &str) -> Result<Vec<(u32, PathKind, String)>, VppError> {
    let found = state.route(0, prefix.parse().unwrap(), true)?;
    let paths = found.paths.iter();
    Ok(paths
        .map(|it| (it.sw_if_index, it.kind, it.next_hop.to_string()))
        .collect())
}

fn add_route(state: &mut VppState, prefix: &str, sw_if_index: u32, next_hop: &str) {
    let prefix = prefix.parse().unwrap();
    let change = RouteChange {
        is_add: true,
        is_multipath: false,
        table_id: 0,
    };
    let path = RoutePath::normal(sw_if_index, 0, next_hop.parse().unwrap(), prefix);
    state.change_route(change, prefix, &[path]).unwrap();
}

#[test]
fn addresses_are_routes_while_the_interface_is_up() {
    let mut it = Fixture::new();
    it.state.add_loopbacks(2).unwrap();
    it.address(1, true, "10.1.0.1/24").unwrap();
    assert_eq!(
        route(&it.state, "10.1.0.0/24"),
        Err(VppError::NO_SUCH_ENTRY)
    );
    it.state.set_admin(1, true).unwrap();
    it.address(1, true, "10.1.0.2/24").unwrap();
    let connected = vec![(1, PathKind::Attached, "0.0.0.0".to_owned())];
    let local = vec![(1, PathKind::Local, "10.1.0.1".to_owned())];
    assert_eq!(route(&it.state, "10.1.0.0/24"), Ok(connected.clone()));
    assert_eq!(route(&it.state, "10.1.0.1/32"), Ok(local));
    assert_eq!(
        route(&it.state, "10.1.0.255/32").unwrap()[0].1,
        PathKind::Drop
    );
    it.address(1, false, "10.1.0.1/24").unwrap();
    assert_eq!(
        route(&it.state, "10.1.0.0/24"),
        Ok(connected),
        "the other address adds it, too"
    );
    assert_eq!(
        route(&it.state, "10.1.0.1/32"),
        Err(VppError::NO_SUCH_ENTRY)
    );
    it.state.delete_loopback(1).unwrap();
    assert_eq!(
        route(&it.state, "10.1.0.0/24"),
        Err(VppError::NO_SUCH_ENTRY)
    );
}

#[test]
fn routes_nd_proxies_and_the_proxy_arp_index_outlive_their_interface() {
    let mut it = Fixture::new();
    let index = it.memif(1, 1, 0).unwrap();
    let state = &mut it.state;
    let nd_address = "2001:db8::5".parse().unwrap();
    add_route(state, "10.1.0.5/32", index, "10.1.0.5");
    state.change_nd_proxy(index, true, nd_address).unwrap();
    state.set_proxy_arp(index, true).unwrap();
    assert!(state.interface(index).unwrap().has_proxy_arp());
    state.delete_memif(index).unwrap().unwrap();
    assert_eq!(route(state, "10.1.0.5/32").unwrap()[0].0, index);
    assert_eq!(
        state.nd_proxies().collect::<Vec<_>>(),
        [(nd_address, index)]
    );
    assert_eq!(
        state.check_path(index, false, 0),
        Err(VppError::NO_MATCHING_INTERFACE)
    );
    assert_eq!(
        state.change_nd_proxy(index, false, nd_address),
        Err(VppError::INVALID_SW_IF_INDEX)
    );
    assert_eq!(it.memif(1, 1, 0), Ok(index));
    let state = &mut it.state;
    state.set_proxy_arp(index, true).unwrap();
    assert!(
        !state.interface(index).unwrap().has_proxy_arp(),
        "VPP considers it enabled"
    );
    state.set_proxy_arp(index, false).unwrap();
    state.set_proxy_arp(index, true).unwrap();
    assert!(state.interface(index).unwrap().has_proxy_arp());
}

#[test]
fn an_unnumbered_interface_stays_in_the_tables_of_its_lender() {
    let mut it = Fixture::new();
    it.state.add_loopbacks(3).unwrap();
    it.address(1, true, "10.1.0.1/24").unwrap();
    it.state.add_table(false, 7, "");
    let state = &mut it.state;
    assert_eq!(
        state.set_unnumbered(9, Some(1)),
        Err(VppError::INVALID_SW_IF_INDEX)
    );
    assert_eq!(
        state.set_unnumbered(2, Some(9)),
        Err(VppError::INVALID_SW_IF_INDEX_2)
    );
    assert_eq!(state.set_unnumbered(2, Some(1)), Ok(()));
    let found = Err(VppError::ADDRESS_FOUND_FOR_INTERFACE);
    assert_eq!(state.set_table(2, false, 7), found);
    assert_eq!(
        state.set_table(2, true, 0),
        Ok(()),
        "it borrows no IPv6 address"
    );
    state.set_table(3, false, 7).unwrap();
    assert_eq!(
        state.set_unnumbered(3, Some(1)),
        Err(VppError::UNEXPECTED_INTF_STATE)
    );
    state.delete_loopback(1).unwrap();
    assert_eq!(
        state.unnumbered().collect::<Vec<_>>(),
        [(2, 1)],
        "VPP keeps the index"
    );
    state.delete_loopback(2).unwrap();
    assert_eq!(state.unnumbered().count(), 0);
}

#[test]
fn addresses_that_an_interface_had_before_it_borrows_are_lost() {
    let mut it = Fixture::new();
    it.state.add_loopbacks(2).unwrap();
    for index in [1, 2] {
        it.state.set_admin(index, true).unwrap();
    }
    it.address(1, true, "10.1.0.1/24").unwrap();
    it.address(2, true, "10.2.0.1/24").unwrap();
    it.state.set_unnumbered(2, Some(1)).unwrap();
    assert_eq!(it.state.addresses(2, false).count(), 0);
    it.address(2, true, "10.3.0.1/24").unwrap();
    let shown = it
        .state
        .addresses(1, false)
        .map(|it| it.address.to_string());
    assert_eq!(shown.collect::<Vec<_>>(), ["10.1.0.1", "10.3.0.1"]);
    it.state.delete_loopback(2).unwrap();
    assert_eq!(route(&it.state, "10.2.0.0/24").unwrap()[0].0, 2);
}

#[test]
fn a_reused_table_has_the_routes_and_ranges_of_the_previous_table() {
    let mut it = Fixture::new();
    let state = &mut it.state;
    let (low, high) = ("10.1.0.1".parse().unwrap(), "10.1.0.9".parse().unwrap());
    let prefix = "10.5.0.0/16".parse().unwrap();
    let change = RouteChange {
        is_add: true,
        is_multipath: false,
        table_id: 7,
    };
    let path = RoutePath::normal(0, 0, "10.5.0.1".parse().unwrap(), prefix);
    assert_eq!(
        state.change_route(change, prefix, &[path]),
        Err(VppError::NO_SUCH_FIB)
    );
    state.add_table(false, 7, "");
    state.change_route(change, prefix, &[path]).unwrap();
    state.change_proxy_arp(true, 7, low, high).unwrap();
    state.delete_table(false, 7);
    assert_eq!(state.route(7, prefix, true), Err(VppError::NO_SUCH_FIB));
    state.add_table(false, 8, "");
    assert_eq!(state.route(8, prefix, true).unwrap().paths, [path]);
    assert_eq!(state.proxy_arp_ranges().next().unwrap().0, 8);
}

#[test]
fn holdings_are_equal_after_all_changes_are_undone() {
    let mut it = Fixture::new();
    it.state.add_loopbacks(1).unwrap();
    let before = it.state.holdings();
    it.state.add_memif_socket(5, "abstract:x").unwrap();
    let index = it.memif(0, 1, 5).unwrap();
    let state = &mut it.state;
    let mut seen = vec![before.clone()];
    let mut differs = |state: &VppState| {
        let now = state.holdings();
        assert!(!seen.contains(&now), "{now}");
        seen.push(now);
    };
    differs(state);
    state.set_tag(index, Some("a")).unwrap();
    differs(state);
    state.set_admin(index, true).unwrap();
    differs(state);
    state
        .attach_to_bridge(index, 7, BridgePort::Normal, 0)
        .unwrap();
    differs(state);
    add_route(state, "10.1.0.5/32", index, "10.1.0.5");
    differs(state);
    state.add_table(true, 7, "pods");
    differs(state);
    let change = RouteChange {
        is_add: false,
        is_multipath: false,
        table_id: 0,
    };
    state
        .change_route(change, "10.1.0.5/32".parse().unwrap(), &[])
        .unwrap();
    state.delete_table(true, 7);
    state.delete_memif(index).unwrap().unwrap();
    state.delete_bridge(7).unwrap();
    state.delete_memif_socket(5).unwrap();
    assert_eq!(state.holdings(), before);
}
