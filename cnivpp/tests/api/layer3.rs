use std::net::IpAddr;

use cnivpp::api::interface::{self, RxMode};
use cnivpp::api::route::{self, Path, Route};
use cnivpp::api::table::{self, Table};
use cnivpp::api::{InterfaceIndex, MacAddress, address, bridge, memif, nd_proxy, proxy_arp};
use ipnet::IpNet;
use vpp_bindings::client::Client;
use vpp_bindings::wire::VppError;
use vpp_sim::Release;

use crate::{RELEASES, connect, vpp};

fn net(text: &str) -> IpNet {
    text.parse().unwrap()
}

fn host_route(address: &str, sw_if_index: InterfaceIndex) -> Route {
    let next_hop: IpAddr = address.parse().unwrap();
    Route {
        table_id: 0,
        prefix: next_hop.into(),
        paths: vec![Path {
            sw_if_index: Some(sw_if_index),
            next_hop: Some(next_hop),
        }],
    }
}

async fn memif(client: &Client, id: u32) -> InterfaceIndex {
    let create = memif::Create {
        id,
        role: memif::Role::Slave,
        ..Default::default()
    };
    memif::create(client, &create).await.unwrap()
}

/// Creates and removes the host side of a pod's interface for `netType: interface`.
async fn create_and_remove_routed_pod(client: &Client) {
    let gateway = interface::create_loopback(client, None).await.unwrap();
    interface::set_admin_up(client, gateway, true)
        .await
        .unwrap();
    address::add(client, gateway, net("10.1.0.1/24"))
        .await
        .unwrap();
    let pod = memif(client, 1).await;
    interface::set_admin_up(client, pod, true).await.unwrap();
    interface::set_mtu(client, pod, 1450).await.unwrap();
    for mode in [RxMode::Polling, RxMode::Interrupt, RxMode::Adaptive] {
        interface::set_rx_mode(client, pod, mode).await.unwrap();
    }
    let shown = interface::find(client, pod).await.unwrap().unwrap();
    assert_eq!(shown.mtu, 1450);
    let found = interface::dump_named(client, &shown.name).await.unwrap();
    assert_eq!(found, [shown]);

    interface::set_unnumbered(client, pod, Some(gateway))
        .await
        .unwrap();
    let borrowed = vec![(pod, gateway)];
    assert_eq!(interface::unnumbered(client, None).await.unwrap(), borrowed);
    assert_eq!(
        interface::unnumbered(client, Some(pod)).await.unwrap(),
        borrowed
    );
    assert_eq!(
        interface::unnumbered(client, Some(gateway)).await.unwrap(),
        []
    );

    let route = host_route("10.1.0.5", pod);
    let look = |exact| route::lookup(client, 0, route.prefix, exact);
    assert_eq!(look(true).await.unwrap(), None);
    assert_eq!(
        look(false).await.unwrap().unwrap().prefix,
        net("10.1.0.0/24")
    );
    route::add(client, &route).await.unwrap();
    route::add(client, &route).await.unwrap();
    assert_eq!(look(true).await.unwrap().as_ref(), Some(&route));
    let own = route::lookup(client, 0, net("10.1.0.1/32"), true)
        .await
        .unwrap();
    assert_eq!(own.unwrap().paths, [], "VPP's own address has no path");

    let (low, high) = ("10.1.0.1".parse().unwrap(), "10.1.0.254".parse().unwrap());
    let table_id = 0;
    proxy_arp::add_range(client, table_id, low, high)
        .await
        .unwrap();
    let range = proxy_arp::Range {
        table_id,
        low,
        high,
    };
    assert_eq!(proxy_arp::ranges(client).await.unwrap(), [range]);
    proxy_arp::set_enabled(client, pod, true).await.unwrap();
    assert_eq!(proxy_arp::enabled(client).await.unwrap(), [pod]);

    interface::set_ip6_enabled(client, pod, true).await.unwrap();
    interface::set_ip6_enabled(client, pod, true).await.unwrap();
    let address6 = "2001:db8::5".parse().unwrap();
    assert!(!nd_proxy::is_present(client, pod, address6).await.unwrap());
    nd_proxy::add(client, pod, address6).await.unwrap();
    nd_proxy::add(client, pod, address6).await.unwrap();
    assert!(nd_proxy::is_present(client, pod, address6).await.unwrap());
    assert!(
        !nd_proxy::is_present(client, gateway, address6)
            .await
            .unwrap()
    );

    nd_proxy::delete(client, pod, address6).await.unwrap();
    nd_proxy::delete(client, pod, address6).await.unwrap();
    assert!(!nd_proxy::is_present(client, pod, address6).await.unwrap());
    proxy_arp::set_enabled(client, pod, false).await.unwrap();
    assert_eq!(proxy_arp::enabled(client).await.unwrap(), []);
    proxy_arp::delete_range(client, table_id, low, high)
        .await
        .unwrap();
    let again = proxy_arp::delete_range(client, table_id, low, high).await;
    assert_eq!(
        again.unwrap_err().vpp_error(),
        Some(VppError::NO_SUCH_ENTRY)
    );
    route::delete(client, &route).await.unwrap();
    route::delete(client, &route).await.unwrap();
    assert_eq!(look(true).await.unwrap(), None);
    for enabled in [false, false] {
        interface::set_ip6_enabled(client, pod, enabled)
            .await
            .unwrap();
    }
    interface::set_unnumbered(client, pod, None).await.unwrap();
    assert_eq!(interface::unnumbered(client, None).await.unwrap(), []);
    memif::delete(client, pod).await.unwrap();
    interface::delete_loopback(client, gateway).await.unwrap();
}

async fn create_and_remove_tables_and_bridges(client: &Client) {
    let pods = Table {
        id: 70,
        is_ipv6: false,
        name: "pods".to_owned(),
    };
    table::add(client, &pods).await.unwrap();
    assert!(table::dump(client).await.unwrap().contains(&pods));
    let index = memif(client, 1).await;
    interface::set_table(client, index, false, 70)
        .await
        .unwrap();
    assert_eq!(interface::table(client, index, false).await.unwrap(), 70);
    assert_eq!(interface::table(client, index, true).await.unwrap(), 0);
    let missing = interface::set_table(client, index, false, 71).await;
    assert_eq!(
        missing.unwrap_err().vpp_error(),
        Some(VppError::NO_SUCH_FIB)
    );
    let route = Route {
        table_id: 70,
        ..host_route("10.1.0.5", index)
    };
    route::add(client, &route).await.unwrap();
    let found = route::lookup(client, 70, route.prefix, true).await.unwrap();
    assert_eq!(found, Some(route.clone()));
    assert_eq!(
        route::lookup(client, 0, route.prefix, true).await.unwrap(),
        None
    );
    route::delete(client, &route).await.unwrap();

    assert_eq!(bridge::find(client, 7).await.unwrap(), None);
    bridge::create(client, Some(7), "pods").await.unwrap();
    bridge::create(client, Some(8), "").await.unwrap();
    bridge::join(client, 7, index).await.unwrap();
    let found = bridge::find(client, 7).await.unwrap().unwrap();
    assert_eq!((found.id, found.tag.as_str()), (7, "pods"));
    assert_eq!(found.members, [index]);
    memif::delete(client, index).await.unwrap();
    table::delete(client, 70, false).await.unwrap();
    table::delete(client, 70, false).await.unwrap();
    for id in [7, 8] {
        bridge::delete(client, id).await.unwrap();
    }
}

#[tokio::test]
async fn settings_are_shown_and_can_be_undone() {
    for release in RELEASES {
        let (sim, client) = vpp(release).await;
        let before = sim.state().holdings();
        create_and_remove_routed_pod(&client).await;
        assert_eq!(sim.state().holdings(), before, "{release}");
        create_and_remove_tables_and_bridges(&client).await;
        assert_eq!(sim.state().holdings(), before, "{release}");
        assert!(sim.crashes().is_empty());
    }
}

#[tokio::test]
#[ignore = "needs a VPP 26.06 that has just started, with its socket in VPP_SOCKET"]
async fn real_vpp_behaves_like_the_simulator() {
    match std::env::var_os("VPP_SOCKET") {
        Some(socket) => {
            let client = connect(socket.as_ref()).await;
            create_and_remove_routed_pod(&client).await;
            create_and_remove_tables_and_bridges(&client).await;
            delete_routes_of_deleted_interface(&client).await;
        }
        None => eprintln!("VPP_SOCKET is not set: skipped"),
    }
}

async fn delete_routes_of_deleted_interface(client: &Client) {
    let (first, second) = (memif(client, 1).await, memif(client, 2).await);
    let route = host_route("10.1.0.5", first);
    route::add(client, &route).await.unwrap();
    memif::delete(client, first).await.unwrap();
    let found = route::lookup(client, 0, route.prefix, true).await.unwrap();
    assert_eq!(found.as_ref(), Some(&route), "VPP keeps the route");
    route::delete(client, &route).await.unwrap();
    assert_eq!(
        route::lookup(client, 0, route.prefix, true).await.unwrap(),
        None
    );
    route::delete(client, &route).await.unwrap();

    let first = memif(client, 1).await;
    let mut shared = host_route("10.1.0.5", first);
    shared.paths.extend(host_route("10.1.0.5", second).paths);
    route::add(client, &shared).await.unwrap();
    memif::delete(client, first).await.unwrap();
    let refused = route::delete(client, &host_route("10.1.0.5", first)).await;
    let error = refused.unwrap_err().vpp_error();
    assert_eq!(
        error,
        Some(VppError::NO_MATCHING_INTERFACE),
        "the other path remains"
    );
    route::delete(client, &shared).await.unwrap();
    memif::delete(client, second).await.unwrap();
}

#[tokio::test]
async fn route_over_deleted_interface_is_deleted_unless_shared() {
    let (sim, client) = vpp(Release::LATEST).await;
    let before = sim.state().holdings();
    delete_routes_of_deleted_interface(&client).await;
    assert_eq!(sim.state().holdings(), before);
}

#[tokio::test]
async fn proxy_arp_works_on_a_reused_index() {
    let (sim, client) = vpp(Release::LATEST).await;
    let first = memif(&client, 1).await;
    proxy_arp::set_enabled(&client, first, true).await.unwrap();
    memif::delete(&client, first).await.unwrap();
    assert_eq!(
        proxy_arp::enabled(&client).await.unwrap(),
        [first],
        "VPP keeps the index"
    );
    let second = memif(&client, 1).await;
    assert_eq!(second, first);
    proxy_arp::set_enabled(&client, second, true).await.unwrap();
    let state = sim.state();
    assert!(state.interface(second.0).unwrap().has_proxy_arp());
}

#[tokio::test]
async fn invalid_arguments_are_refused_before_anything_is_sent() {
    let (sim, client) = vpp(Release::LATEST).await;
    sim.clear_requests();
    let multicast = Some(MacAddress([1, 0, 0x5e, 0, 0, 1]));
    let error = interface::create_loopback(&client, multicast)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("multicast address"), "{error}");
    for id in [0, u32::MAX] {
        let error = table::delete(&client, id, false).await.unwrap_err();
        assert!(error.to_string().contains("out of range"), "{error}");
    }
    let index = InterfaceIndex(1);
    let mut route = host_route("10.1.0.5", index);
    route.paths.clear();
    assert!(route::add(&client, &route).await.is_err());
    route.paths.push(Path {
        sw_if_index: None,
        next_hop: None,
    });
    assert!(route::delete(&client, &route).await.is_err());
    let (low, high) = ("10.1.0.9".parse().unwrap(), "10.1.0.1".parse().unwrap());
    assert!(proxy_arp::add_range(&client, 0, low, high).await.is_err());
    assert!(interface::dump_named(&client, "").await.is_err());
    assert!(bridge::find(&client, 0).await.is_err());
    assert!(sim.requests().is_empty());
}
