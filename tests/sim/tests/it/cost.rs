//! The cost of requests does not depend on the number of objects.

use std::time::{Duration, Instant};

use serde_json::json;
use vpp_sim::{Sim, SimThread};

use crate::peer::Peer;

/// Creates a memif as the CNI plugin does: socket, memif, tag, up, bridge domain.
fn add(peer: &mut Peer, number: u32) {
    let [_, a, b, c] = number.to_be_bytes();
    let mac = format!("02:00:00:{a:02x}:{b:02x}:{c:02x}");
    let socket = json!({
        "is_add": true,
        "socket_id": number,
        "socket_filename": format!("/run/{number}.sock"),
    });
    let memif = json!({"role": "MEMIF_ROLE_API_SLAVE", "socket_id": number, "hw_addr": mac});
    let tag = json!({"is_add": true, "sw_if_index": number, "tag": format!("cni:{number}")});
    let up = json!({"sw_if_index": number, "flags": "IF_STATUS_API_FLAG_ADMIN_UP"});
    let join = json!({"rx_sw_if_index": number, "bd_id": 1, "enable": true});
    let requests = [
        ("memif_socket_filename_add_del_v2", socket),
        ("memif_create_v2", memif),
        ("sw_interface_tag_add_del", tag),
        ("sw_interface_set_flags", up),
        ("sw_interface_set_l2_bridge", join),
    ];
    for (name, args) in requests {
        assert_eq!(peer.retval(name, args), 0, "{name}");
    }
}

/// Dumps a memif, moves it from layer 2 to layer 3, and removes it.
fn remove(peer: &mut Peer, number: u32) {
    let index = json!({"sw_if_index": number});
    assert_eq!(peer.dump("sw_interface_dump", index.clone()).len(), 1);
    let leave = json!({"rx_sw_if_index": number, "bd_id": 1, "enable": false});
    let [_, a, b, c] = number.to_be_bytes();
    let address = json!({
        "sw_if_index": number, "is_add": true, "prefix": format!("10.{a}.{b}.{c}/32"),
    });
    let proxy =
        json!({"sw_if_index": number, "is_add": true, "ip": format!("2001:db8::{number:x}")});
    let lookup = json!({"table_id": 0, "exact": 0, "prefix": "10.200.0.0/16"});
    let socket = json!({"is_add": false, "socket_id": number, "socket_filename": ""});
    let requests = [
        ("sw_interface_set_l2_bridge", leave),
        ("sw_interface_add_del_address", address),
        ("ip6nd_proxy_add_del", proxy),
        ("ip_route_lookup", lookup),
        ("memif_delete", index),
        ("memif_socket_filename_add_del_v2", socket),
    ];
    for (name, args) in requests {
        assert_eq!(peer.retval(name, args), 0, "{name}");
    }
}

/// Starts a VPP with this number of memifs.
fn start_with(memifs: u32) -> (SimThread, Peer) {
    let sim = Sim::builder().start_thread().unwrap();
    let mut peer = Peer::connect(sim.socket());
    for number in 1..=memifs {
        add(&mut peer, number);
    }
    (sim, peer)
}

/// The time to create and remove one more memif.
fn cost(peer: &mut Peer, memifs: u32) -> Duration {
    let start = Instant::now();
    add(peer, memifs + 1);
    remove(peer, memifs + 1);
    start.elapsed()
}

#[test]
fn requests_cost_the_same_with_a_hundred_and_ten_thousand_memifs() {
    let (few, many) = (100, 10_000);
    let (_first, mut with_few) = start_with(few);
    let (_second, mut with_many) = start_with(many);
    // The minimum of many rounds in turns, so that other load affects both alike.
    let (mut least_few, mut least_many) = (Duration::MAX, Duration::MAX);
    for _ in 0..100 {
        least_few = least_few.min(cost(&mut with_few, few));
        least_many = least_many.min(cost(&mut with_many, many));
    }
    assert!(
        least_many < least_few * 2,
        "{least_few:?} with {few}, {least_many:?} with {many}"
    );
}
