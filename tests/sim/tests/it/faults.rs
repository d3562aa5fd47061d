//! What goes wrong on demand goes wrong.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use serde_json::json;
use vpp_sim::{Fault, FaultRule, Sim, SimThread};

use crate::peer::Peer;

fn sim(message: &str, fault: Fault) -> SimThread {
    let rule = FaultRule::new(message, fault).times(1);
    Sim::builder().faults([rule]).start_thread().unwrap()
}

fn interfaces(sim: &Sim) -> usize {
    sim.state().interfaces().count() - 1
}

#[test]
fn a_retval_is_given_and_nothing_done() {
    let sim = sim("create_loopback", Fault::Retval(-12));
    let mut peer = Peer::connect(sim.socket());
    assert_eq!(peer.retval("create_loopback", json!({})), -12);
    assert_eq!(interfaces(&sim), 0);
    assert_eq!(peer.retval("create_loopback", json!({})), 0);
}

#[test]
fn a_client_can_be_refused() {
    let sim = sim("sockclnt_create", Fault::Retval(-1));
    let mut peer = Peer::connect(sim.socket());
    assert_eq!((peer.index, peer.ids.len()), (0, 0));
    peer.handshake();
    assert_eq!(peer.index, 0x8000_0001);
}

#[test]
fn a_lost_answer_and_a_lost_request() {
    for (fault, done) in [(Fault::Drop, 1), (Fault::Lose, 0)] {
        let sim = sim("create_loopback", fault);
        let mut peer = Peer::connect(sim.socket());
        peer.send("create_loopback", &json!({}));
        peer.call("control_ping", json!({}));
        assert_eq!(interfaces(&sim), done);
    }
}

#[test]
fn the_connection_closes_before_and_after() {
    for (fault, done, answered) in [
        (Fault::CloseBefore, 0, false),
        (Fault::CloseAfter, 1, false),
        (Fault::CloseAfterReply, 1, true),
    ] {
        let sim = sim("create_loopback", fault.clone());
        let mut peer = Peer::connect(sim.socket());
        peer.send("create_loopback", &json!({}));
        assert_eq!(peer.next().is_some(), answered, "{fault:?}");
        if answered {
            assert!(peer.next().is_none());
        }
        assert_eq!(interfaces(&sim), done, "{fault:?}");
    }
}

#[test]
fn a_delay_holds_all_that_follows() {
    let delay = Duration::from_millis(50);
    let sim = sim("create_loopback", Fault::Delay(delay));
    let mut peer = Peer::connect(sim.socket());
    let start = Instant::now();
    peer.send("create_loopback", &json!({}));
    peer.send("control_ping", &json!({}));
    let names: Vec<_> = (0..2).map(|_| peer.next_answer().entry.name).collect();
    assert_eq!(names, ["create_loopback_reply", "control_ping_reply"]);
    assert!(start.elapsed() >= delay);
}

#[test]
fn a_late_answer_is_overtaken() {
    let sim = sim("create_loopback", Fault::Late(Duration::from_millis(50)));
    let mut peer = Peer::connect(sim.socket());
    peer.send("create_loopback", &json!({}));
    peer.send("control_ping", &json!({}));
    let names: Vec<_> = (0..2).map(|_| peer.next_answer().entry.name).collect();
    assert_eq!(names, ["control_ping_reply", "create_loopback_reply"]);
}

#[test]
fn a_held_answer_comes_when_released() {
    let sim = sim("create_loopback", Fault::Hold);
    let mut peer = Peer::connect(sim.socket());
    peer.send("create_loopback", &json!({}));
    peer.call("control_ping", json!({}));
    sim.release_held();
    assert_eq!(peer.next_answer().entry.name, "create_loopback_reply");
}

#[test]
fn vpp_starts_again_at_a_message() {
    let sim = sim("create_loopback", Fault::Restart);
    let mut peer = Peer::connect(sim.socket());
    peer.send("create_loopback", &json!({}));
    assert!(peer.next().is_none());
    let mut peer = Peer::connect(sim.socket());
    assert_eq!(peer.retval("create_loopback", json!({})), 0);
    assert!(sim.crashes().is_empty());
}

#[test]
fn garbage_and_half_a_frame() {
    let garbage = sim("create_loopback", Fault::Garbage(40));
    let mut peer = Peer::connect(garbage.socket());
    peer.send("create_loopback", &json!({}));
    assert_ne!(peer.read_exact(40)[..8], [0; 8]);
    let header = sim("create_loopback", Fault::Garbage(0));
    let mut peer = Peer::connect(header.socket());
    peer.send("create_loopback", &json!({}));
    assert_eq!(peer.read_exact(16), [0xff; 16]);
    let half = sim("create_loopback", Fault::Truncate);
    let mut peer = Peer::connect(half.socket());
    peer.send("create_loopback", &json!({}));
    let bytes = peer.read_to_end();
    assert_eq!((bytes.len(), bytes[11]), (20, 14), "4 of 14 bytes");
}

#[test]
fn nothing_is_read_any_more() {
    let sim = sim("create_loopback", Fault::StopReading);
    let mut peer = Peer::connect(sim.socket());
    assert_eq!(peer.retval("create_loopback", json!({})), 0);
    peer.set_nonblocking();
    let frame = peer.frame("control_ping", &json!({}));
    let error = (0..100_000).find_map(|_| peer.try_write(&frame).err());
    assert_eq!(error.unwrap().kind(), ErrorKind::WouldBlock);
}

#[test]
fn messages_are_hidden_and_get_other_crcs() {
    let rules = [
        FaultRule::new("memif_create_v2", Fault::Hide),
        FaultRule::new("memif_create", Fault::Crc(0xdead_beef)),
    ];
    let sim = Sim::builder().faults(rules).start_thread().unwrap();
    let ids = Peer::connect(sim.socket()).ids;
    assert!(!ids.keys().any(|key| key.starts_with("memif_create_v2")));
    assert!(ids.contains_key("memif_create_deadbeef"));
    assert!(!ids.contains_key("memif_create_b1b25061"));
    sim.clear_faults();
    assert!(
        Peer::connect(sim.socket())
            .ids
            .contains_key("memif_create_b1b25061")
    );
}

#[tokio::test]
async fn faults_can_be_added_and_requests_awaited() {
    let sim = Sim::start_in_process().await.unwrap();
    sim.add_fault(FaultRule::new("*", Fault::Lose).after(1));
    let socket = sim.socket().to_owned();
    let peer = tokio::task::spawn_blocking(move || {
        let mut peer = Peer::connect(&socket);
        peer.send("create_loopback", &json!({}));
        peer
    });
    sim.request_came("create_loopback").await;
    assert_eq!(interfaces(&sim), 0);
    assert_eq!(sim.requests(), ["sockclnt_create", "create_loopback"]);
    assert_eq!(sim.request_count(), 2);
    sim.clear_requests();
    assert!(sim.requests().is_empty());
    drop(peer.await.unwrap());
    let socket = sim.socket().to_owned();
    sim.stop().await;
    assert!(!socket.exists());
}
