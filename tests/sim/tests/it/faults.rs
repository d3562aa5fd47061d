//! Injected faults.

use std::io::ErrorKind;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};
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
fn retval_replies_without_handling_the_request() {
    let sim = sim("create_loopback", Fault::Retval(-12));
    let mut peer = Peer::connect(sim.socket());
    assert_eq!(peer.retval("create_loopback", json!({})), -12);
    assert_eq!(interfaces(&sim), 0);
    assert_eq!(peer.retval("create_loopback", json!({})), 0);
}

#[test]
fn retval_refuses_a_client() {
    let sim = sim("sockclnt_create", Fault::Retval(-1));
    let mut peer = Peer::connect(sim.socket());
    assert_eq!((peer.index, peer.ids.len()), (0, 0));
    peer.handshake();
    assert_eq!(peer.index, 0x8000_0001);
}

#[test]
fn drop_loses_the_reply_and_lose_the_request() {
    for (fault, done) in [(Fault::Drop, 1), (Fault::Lose, 0)] {
        let sim = sim("create_loopback", fault);
        let mut peer = Peer::connect(sim.socket());
        peer.send("create_loopback", &json!({}));
        peer.call("control_ping", json!({}));
        assert_eq!(interfaces(&sim), done);
    }
}

#[test]
fn close_faults_close_the_connection_before_and_after_the_reply() {
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
fn a_delay_also_delays_later_requests() {
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
fn a_late_reply_is_overtaken() {
    let sim = sim("create_loopback", Fault::Late(Duration::from_millis(50)));
    let mut peer = Peer::connect(sim.socket());
    peer.send("create_loopback", &json!({}));
    peer.send("control_ping", &json!({}));
    let names: Vec<_> = (0..2).map(|_| peer.next_answer().entry.name).collect();
    assert_eq!(names, ["control_ping_reply", "create_loopback_reply"]);
}

#[test]
fn a_held_reply_is_sent_on_request() {
    let sim = sim("create_loopback", Fault::Hold);
    let mut peer = Peer::connect(sim.socket());
    peer.send("create_loopback", &json!({}));
    peer.call("control_ping", json!({}));
    sim.send_held_replies();
    assert_eq!(peer.next_answer().entry.name, "create_loopback_reply");
}

#[test]
fn restart_happens_before_the_message() {
    let sim = sim("create_loopback", Fault::Restart);
    let mut peer = Peer::connect(sim.socket());
    peer.send("create_loopback", &json!({}));
    assert!(peer.next().is_none());
    let mut peer = Peer::connect(sim.socket());
    assert_eq!(peer.retval("create_loopback", json!({})), 0);
    assert!(sim.crashes().is_empty());
}

#[test]
fn garbage_and_truncate_break_the_reply() {
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
fn stop_reading_fills_the_socket() {
    let sim = sim("create_loopback", Fault::StopReading);
    let mut peer = Peer::connect(sim.socket());
    assert_eq!(peer.retval("create_loopback", json!({})), 0);
    peer.set_nonblocking();
    let frame = peer.frame("control_ping", &json!({}));
    let error = (0..100_000).find_map(|_| peer.try_write(&frame).err());
    assert_eq!(error.unwrap().kind(), ErrorKind::WouldBlock);
}

#[test]
fn hide_and_crc_change_the_message_table() {
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
    sim.wait_for_request("create_loopback").await;
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

#[test]
fn restart_after_happens_after_the_message() {
    let sim = sim("create_loopback", Fault::RestartAfter);
    let mut peer = Peer::connect(sim.socket());
    peer.send("create_loopback", &json!({}));
    assert!(peer.next().is_none());
    assert_eq!(interfaces(&sim), 0, "the state is lost");
    let mut peer = Peer::connect(sim.socket());
    assert_eq!(peer.retval("create_loopback", json!({})), 0);
}

#[test]
fn a_paused_vpp_handles_queued_requests_after_resume() {
    let sim = Sim::builder().start_thread().unwrap();
    let mut peer = Peer::connect(sim.socket());
    sim.pause();
    peer.send("create_loopback", &json!({}));
    peer.send("control_ping", &json!({}));
    // It stays in the kernel's queue while VPP hangs.
    let second = std::os::unix::net::UnixStream::connect(sim.socket()).unwrap();
    assert_eq!((interfaces(&sim), sim.clients().len()), (0, 1));
    sim.resume();
    let names: Vec<_> = (0..2).map(|_| peer.next_answer().entry.name).collect();
    assert_eq!(names, ["create_loopback_reply", "control_ping_reply"]);
    assert_eq!(interfaces(&sim), 1);
    drop(second);
}

#[test]
fn a_vpp_paused_at_a_message_handles_it_after_resume() {
    let sim = sim("create_loopback", Fault::Pause);
    let mut peer = Peer::connect(sim.socket());
    let mut other = Peer::connect(sim.socket());
    peer.send("show_version", &json!({}));
    peer.send("create_loopback", &json!({}));
    assert_eq!(peer.next_answer().entry.name, "show_version_reply");
    while !sim.is_paused() {
        std::thread::yield_now();
    }
    other.send("control_ping", &json!({}));
    assert_eq!(interfaces(&sim), 0);
    assert!(!sim.requests().contains(&"create_loopback"));
    sim.resume();
    assert_eq!(peer.next_answer().entry.name, "create_loopback_reply");
    assert_eq!(other.next_answer().entry.name, "control_ping_reply");
    assert_eq!(interfaces(&sim), 1);
    let received = sim
        .requests()
        .into_iter()
        .filter(|it| *it == "create_loopback");
    assert_eq!(received.count(), 1);
}

#[test]
fn a_paused_vpp_queues_five_connections_and_can_be_restarted() {
    let sim = Sim::builder().start_thread().unwrap();
    sim.pause();
    let connect = || {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None).unwrap();
        let address = SocketAddrUnix::new(sim.socket()).unwrap();
        connect(&socket, &address).map(|()| socket)
    };
    // The kernel allows one more than the backlog, and the listener may hold another.
    let queued: Vec<_> = (0..8).map(|_| connect()).collect();
    assert!(queued.iter().filter(|it| it.is_ok()).count() >= 6);
    assert_eq!(connect().unwrap_err(), Errno::AGAIN);
    sim.restart();
    assert!(!sim.is_paused());
    drop(queued);
    let mut peer = Peer::connect(sim.socket());
    assert_eq!(peer.retval("create_loopback", json!({})), 0);
}

/// Starts a process that sends one request and waits for the reply.
pub fn client_process(socket: &Path, name: &str) -> Child {
    let socket = socket.to_str().unwrap();
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "faults::client_to_kill"])
        .envs([("VPP_SIM_SOCKET", socket), ("VPP_SIM_REQUEST", name)])
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "other tests start it as a process to kill"]
fn client_to_kill() {
    if let (Ok(socket), Ok(request)) = (
        std::env::var("VPP_SIM_SOCKET"),
        std::env::var("VPP_SIM_REQUEST"),
    ) {
        Peer::connect(Path::new(&socket)).call(&request, json!({}));
    }
}

#[test]
fn a_client_is_killed_before_and_after_its_message() {
    for (fault, done) in [(Fault::KillBefore, 0), (Fault::KillAfter, 1)] {
        let sim = sim("create_loopback", fault.clone());
        let status = client_process(sim.socket(), "create_loopback")
            .wait()
            .unwrap();
        assert_eq!(status.signal(), Some(9), "{fault:?}");
        assert_eq!(interfaces(&sim), done, "{fault:?}");
        assert!(sim.crashes().is_empty());
        let status = client_process(sim.socket(), "create_loopback")
            .wait()
            .unwrap();
        assert!(status.success(), "the second client is not killed");
    }
}

#[test]
fn the_simulators_own_process_is_not_killed() {
    let sim = sim("create_loopback", Fault::KillAfter);
    let mut peer = Peer::connect(sim.socket());
    peer.send("create_loopback", &json!({}));
    assert!(peer.next().is_none());
    assert_eq!(interfaces(&sim), 1);
    let crashes = sim.crashes();
    assert!(crashes[0].starts_with("create_loopback: the client was not killed"));
}
