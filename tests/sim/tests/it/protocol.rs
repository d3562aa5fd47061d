//! The socket protocol.

use serde_json::json;
use vpp_sim::{Release, Sim, SimThread};

use crate::peer::Peer;

fn sim() -> SimThread {
    Sim::builder().start_thread().unwrap()
}

fn ping(peer: &mut Peer) {
    assert_eq!(peer.retval("control_ping", json!({})), 0);
}

#[test]
fn frames_may_arrive_byte_by_byte_and_all_at_once() {
    let sim = sim();
    let mut peer = Peer::connect(sim.socket());
    for byte in peer.frame("control_ping", &json!({})) {
        peer.write(&[byte]);
    }
    assert_eq!(peer.next_answer().entry.name, "control_ping_reply");
    let mut many = Vec::new();
    for _ in 0..500 {
        many.extend(peer.frame("control_ping", &json!({})));
    }
    peer.write(&many);
    let contexts: Vec<u32> = (0..500).map(|_| peer.next_answer().context()).collect();
    assert!(contexts.is_sorted());
}

#[test]
fn invalid_frames_are_dropped_and_the_connection_stays_open() {
    let sim = sim();
    let mut peer = Peer::connect(sim.socket());
    let whole = peer.frame("memif_delete", &json!({"sw_if_index": 0}));
    let mut short = whole.clone();
    short.truncate(whole.len() - 1);
    short[11] -= 1;
    peer.write(&short);
    let mut unknown = whole;
    unknown[16..18].copy_from_slice(&[0xff, 0xfe]);
    peer.write(&unknown);
    // A length of 0, one of 1, and a reply.
    let mut header = [0; 16];
    peer.write(&header);
    header[11] = 1;
    peer.write(&[&header[..], &[0]].concat());
    let reply = peer.frame("control_ping_reply", &json!({}));
    peer.write(&reply);
    peer.send("memclnt_keepalive", &json!({}));
    ping(&mut peer);
}

#[test]
fn trailing_bytes_are_ignored() {
    let sim = sim();
    let mut peer = Peer::connect(sim.socket());
    let mut frame = peer.frame("control_ping", &json!({}));
    frame.extend([1, 2, 3]);
    frame[11] += 3;
    peer.write(&frame);
    assert_eq!(peer.next_answer().entry.name, "control_ping_reply");
}

#[test]
fn requests_before_the_handshake_are_answered() {
    let sim = sim();
    let known = Peer::connect(sim.socket());
    let mut peer = Peer::connect_only(sim.socket());
    peer.ids = known.ids;
    let frame = peer.frame_for(0x8000_0002, "control_ping", &json!({}));
    peer.write(&frame);
    assert!(peer.read_payload().is_some());
    peer.handshake();
    peer.handshake();
    assert_eq!(peer.index, 0x8000_0002);
}

#[test]
fn a_request_with_an_unknown_client_index_is_handled_without_reply() {
    let sim = sim();
    let mut peer = Peer::connect(sim.socket());
    for index in [0, 0x8000_0000, 0x8000_0009] {
        let frame = peer.frame_for(index, "create_loopback", &json!({}));
        peer.write(&frame);
    }
    ping(&mut peer);
    assert_eq!(sim.state().interfaces().count(), 4);
}

#[test]
fn the_reply_goes_to_the_client_of_the_client_index() {
    let sim = sim();
    let mut first = Peer::connect(sim.socket());
    let mut second = Peer::connect(sim.socket());
    let frame = first.frame_for(second.index, "control_ping", &json!({}));
    first.write(&frame);
    assert_eq!(second.next_answer().entry.name, "control_ping_reply");
}

#[test]
fn unregistering_gets_a_reply_and_frees_the_slot() {
    let sim = sim();
    let mut first = Peer::connect(sim.socket());
    let unknown = first.call("sockclnt_delete", json!({"index": 0x8000_0007_u32}));
    assert_eq!(unknown.json()["response"], -1);
    let index = first.index;
    let deleted = first.call("sockclnt_delete", json!({"index": index}));
    assert_eq!(deleted.json()["response"], 1);
    assert!(first.next().is_none());
    assert_eq!(Peer::connect(sim.socket()).index, index);
}

#[test]
fn events_follow_the_reply_that_causes_them() {
    let sim = sim();
    let mut peer = Peer::connect(sim.socket());
    peer.call(
        "want_interface_events",
        json!({"enable_disable": 1, "pid": 7}),
    );
    peer.send("create_loopback", &json!({}));
    let names: Vec<_> = (0..2).map(|_| peer.next().unwrap().entry.name).collect();
    assert_eq!(names, ["create_loopback_reply", "sw_interface_event"]);
    sim.state().set_peer(1, true).unwrap();
    sim.set_peer(1, true).unwrap();
    peer.call(
        "sw_interface_set_flags",
        json!({"sw_if_index": 1, "flags": 1}),
    );
    let events = peer.take_events();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].json()["pid"], 7);
}

#[test]
fn changes_sent_together_are_one_event() {
    let sim = sim();
    let mut peer = Peer::connect(sim.socket());
    peer.call(
        "want_interface_events",
        json!({"enable_disable": 1, "pid": 7}),
    );
    let mut both = peer.frame("create_loopback", &json!({}));
    both.extend(peer.frame("delete_loopback", &json!({"sw_if_index": 1})));
    peer.write(&both);
    for _ in 0..2 {
        assert_eq!(peer.next_answer().json()["retval"], 0);
    }
    let events = peer.take_events();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].json()["deleted"], true);
}

#[test]
fn a_client_does_not_inherit_event_registrations_of_its_slot() {
    let sim = sim();
    let mut first = Peer::connect(sim.socket());
    first.call(
        "want_interface_events",
        json!({"enable_disable": 1, "pid": 7}),
    );
    let index = first.index;
    first.call("sockclnt_delete", json!({"index": index}));
    let mut second = Peer::connect(sim.socket());
    assert_eq!(second.index, index);
    second.call("create_loopback", json!({}));
    assert_eq!(second.take_events().len(), 0);
}

#[test]
fn message_ids_are_fixed_for_memclnt_and_shuffled_for_the_rest() {
    let sim = sim();
    let first = Peer::connect(sim.socket()).ids;
    assert_eq!(first["sockclnt_create_455fb9c4"], 15);
    assert_eq!(first["control_ping_51077d14"], 23);
    assert_eq!(first["get_api_json_51077d14"], 27);
    assert_eq!(first.values().filter(|id| **id > 28).min(), Some(&29));
    sim.restart();
    let second = Peer::connect(sim.socket()).ids;
    assert_eq!(first.len(), second.len());
    assert_ne!(first, second);
    assert_eq!(second["control_ping_51077d14"], 23);
}

#[test]
fn a_restart_closes_connections_and_loses_the_state() {
    let sim = sim();
    let mut peer = Peer::connect(sim.socket());
    peer.call("create_loopback", json!({}));
    sim.restart();
    assert!(peer.next().is_none());
    assert_eq!(sim.state().interfaces().count(), 1);
    let mut again = Peer::connect(sim.socket());
    assert_eq!(again.index, 0x8000_0001);
    ping(&mut again);
}

#[test]
fn crashes_are_recorded_and_restart_vpp() {
    let sim = sim();
    let mut fatal_length = [0; 16];
    fatal_length[8..12].copy_from_slice(&0xffff_fff0_u32.to_be_bytes());
    let mode = json!({"role": 0, "mode": 2, "id": 1});
    let link_local = json!({"sw_if_index": 1, "is_add": false, "prefix": "fe80::1/128"});
    for (name, args) in [
        ("", json!({})),
        ("memif_create", mode.clone()),
        ("memif_create_v2", mode),
        ("sw_interface_add_del_address", link_local),
    ] {
        let mut peer = Peer::connect(sim.socket());
        peer.call("create_loopback", json!({}));
        if name.is_empty() {
            peer.write(&fatal_length);
        } else {
            peer.send(name, &args);
        }
        assert!(peer.next().is_none(), "{name}");
    }
    let crashes = sim.crashes();
    assert_eq!(crashes.len(), 4, "{crashes:?}");
    assert_eq!(crashes[1], "memif_create: a memif of mode 2");
    assert_eq!(sim.state().interfaces().count(), 1);
}

#[test]
fn an_earlier_release_lacks_later_messages() {
    for (release, v2, json, first) in [
        (Release::V22_10, false, false, 27),
        (Release::V23_10, true, false, 27),
        (Release::LATEST, true, true, 29),
    ] {
        let sim = Sim::builder().release(release).start_thread().unwrap();
        let mut peer = Peer::connect(sim.socket());
        assert_eq!(
            peer.ids.contains_key("memif_create_v2_8c7de5f7"),
            v2,
            "{release}"
        );
        assert_eq!(
            peer.ids.contains_key("get_api_json_51077d14"),
            json,
            "{release}"
        );
        let lowest = peer
            .ids
            .values()
            .filter(|id| **id > 26 && !(json && **id < 29))
            .min();
        assert_eq!(lowest, Some(&first), "{release}");
        let version = peer.call("show_version", json!({})).json();
        assert_eq!(version["version"], format!("{}-release", release.number()));
    }
}

#[test]
fn get_api_json_and_get_first_msg_id_describe_the_api() {
    let sim = sim();
    let mut peer = Peer::connect(sim.socket());
    let text = peer.call("get_api_json", json!({})).json()["json"].clone();
    let modules: Vec<serde_json::Value> = serde_json::from_str(text.as_str().unwrap()).unwrap();
    assert!(
        modules
            .iter()
            .any(|module| module["messages"][0][0] == "memif_socket_filename_add_del")
    );
    let first = peer
        .call("get_first_msg_id", json!({"name": "memif_bf42b70a"}))
        .json();
    let id = first["first_msg_id"].as_u64().unwrap();
    assert_eq!(
        u64::from(peer.ids["memif_socket_filename_add_del_a2ce1a10"]),
        id
    );
    assert_eq!(
        u64::from(peer.ids["memif_create_b1b25061"]),
        id + 4,
        "ids are in the order of the file"
    );
    assert_eq!(peer.retval("get_first_msg_id", json!({"name": "x"})), -7);
    assert_eq!(peer.retval("api_versions", json!({})), 0);
}

#[test]
fn a_request_that_is_not_simulated_is_refused() {
    let sim = sim();
    let mut peer = Peer::connect(sim.socket());
    assert_eq!(peer.retval("sw_interface_set_promisc", json!({})), -9);
    assert_eq!(peer.retval("show_threads", json!({})), -9);
    assert_eq!(peer.dump("ip_unnumbered_dump", json!({})).len(), 0);
    assert_eq!(sim.requests().last(), Some(&"control_ping"));
    assert_eq!(sim.clients(), ["peer"]);
}

#[test]
fn a_large_dump_is_complete_if_it_is_read_late() {
    let sim = Sim::builder().interfaces(5000).start_thread().unwrap();
    let mut peer = Peer::connect(sim.socket());
    let mut other = Peer::connect(sim.socket());
    peer.send("sw_interface_dump", &json!({"sw_if_index": u32::MAX}));
    peer.send("control_ping", &json!({}));
    ping(&mut other);
    let details = (0..5001)
        .map(|_| peer.next_answer())
        .filter(|it| it.entry.name == "sw_interface_details");
    assert_eq!(details.count(), 5001);
    assert_eq!(peer.next_answer().entry.name, "control_ping_reply");
}

#[test]
fn a_stale_socket_is_replaced_and_a_used_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("api.sock");
    let start = || Sim::builder().socket(&socket).start_thread();
    let first = start().unwrap();
    assert_eq!(start().unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
    ping(&mut Peer::connect(&socket));
    drop(first);
    assert!(!socket.exists());
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
    ping(&mut Peer::connect(start().unwrap().socket()));
}

/// Sends every request with many lengths and random bytes. Only crashes of VPP and unregistering
/// close the connection.
#[test]
fn random_requests_do_not_break_the_simulator() {
    let sim = sim();
    let mut noise: u32 = 1;
    let mut next = || {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        noise.to_be_bytes()[0]
    };
    let mut peer = Peer::connect(sim.socket());
    for entry in vpp_bindings::REGISTRY.entries() {
        for round in 0..40_usize {
            let crashes = sim.crashes().len();
            let size = if round < 20 { round * 3 } else { 600 };
            let mut body: Vec<u8> = (0..size).map(|_| next()).collect();
            if round % 2 == 1 {
                // Mostly zero, so that more requests pass the checks.
                body.iter_mut()
                    .filter(|byte| **byte % 8 != 0)
                    .for_each(|byte| *byte = 0);
            }
            if entry.name.contains("vhost_user_if") && body.len() > 4 {
                // A client, since a server would listen on a file of any name.
                body[..5].fill(0);
            }
            let mut frame = peer.frame("control_ping", &json!({}));
            frame[16..18].copy_from_slice(&peer.ids[entry.key].to_be_bytes());
            frame.extend(&body);
            let length = u32::try_from(frame.len() - 16).unwrap();
            frame[8..12].copy_from_slice(&length.to_be_bytes());
            let ping = peer.frame("control_ping", &json!({}));
            frame.extend(ping);
            let sent = peer.try_write(&frame).is_ok();
            let answered = sent && peer.answers_until("control_ping_reply");
            if !answered {
                let unregistered = entry.name == "sockclnt_delete";
                assert!(
                    sim.crashes().len() > crashes || unregistered,
                    "{} {body:?}",
                    entry.name
                );
                peer = Peer::connect(sim.socket());
            }
        }
    }
}
