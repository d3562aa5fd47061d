//! The stats segment over its socket.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;
use vpp_sim::stats::{InterfaceCounter, Stats, StatsError};
use vpp_sim::{Fault, FaultRule, Release, Sim, SimBuilder, SimThread};

use crate::peer::Peer;
use crate::segment::{Segment, Value, connect_to, is_silent, receive};

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stats.sock");
    (folder, path)
}

fn start(builder: SimBuilder) -> (TempDir, SimThread) {
    let (folder, path) = folder();
    (folder, builder.stats_socket(path).start_thread().unwrap())
}

fn stats(sim: &Sim) -> &Stats {
    sim.stats().unwrap()
}

fn segment(sim: &Sim) -> Segment {
    Segment::connect(stats(sim).socket())
}

fn names(segment: &Segment) -> Vec<Option<String>> {
    match &segment.entries()["/if/names"] {
        Value::Names(names) => names.clone(),
        other => panic!("{other:?}"),
    }
}

fn named(names: &[&str]) -> Vec<Option<String>> {
    names.iter().map(|name| Some((*name).to_owned())).collect()
}

/// The names of the symlinks in `/interfaces`, without counters.
fn interfaces(entries: &BTreeMap<String, Value>) -> Vec<&str> {
    let mut names: Vec<_> = entries
        .keys()
        .filter_map(|name| name.strip_prefix("/interfaces/")?.strip_suffix("/rx"))
        .collect();
    names.sort_unstable();
    names
}

#[test]
fn a_new_vpp_has_the_entries_of_a_real_one() {
    let (_folder, sim) = start(Sim::builder());
    let segment = segment(&sim);
    assert_eq!(segment.size(), 32 << 20);
    let types = segment.types();
    let first: Vec<_> = types.iter().take(3).map(|(_, name)| &**name).collect();
    assert_eq!(
        first,
        ["/sys/heartbeat", "/sys/last_stats_clear", "/sys/boottime"]
    );
    let entries = segment.entries();
    assert_eq!(entries["/sys/heartbeat"], Value::Scalar(1));
    assert_eq!(entries["/sys/num_worker_threads"], Value::Gauge(0));
    assert_eq!(entries["/sys/vector_rate"], Value::Gauge(0));
    assert_eq!(entries["/if/drops"], Value::Simple(vec![vec![0]]));
    assert_eq!(
        entries["/if/tx-broadcast"],
        Value::Combined(vec![vec![(0, 0)]])
    );
    assert_eq!(entries["/if/names"], Value::Names(named(&["local0"])));
    let target = Value::Symlink("/if/rx-miss".to_owned(), 0);
    assert_eq!(entries["/interfaces/local0/rx-miss"], target);
    let target = Value::Symlink("/mem/stat segment".to_owned(), 1);
    assert_eq!(entries["/mem/stat segment/used"], target);
    let target = Value::Symlink("/node/errors".to_owned(), 0);
    assert_eq!(entries["/err/null-node/blackholed packets"], target);
    let Value::Names(nodes) = &entries["/sys/node/names"] else {
        panic!("no names of nodes");
    };
    let calls = Value::Simple(vec![vec![0; nodes.len()]; 2]);
    assert_eq!(entries["/sys/node/calls"], calls);
    for (column, node) in (0..).zip(nodes.iter().flatten()) {
        let target = Value::Symlink("/sys/node/calls".to_owned(), column);
        assert_eq!(entries[&format!("/nodes/{node}/calls")], target);
    }
}

#[test]
fn a_reply_comes_after_the_change_of_the_segment() {
    let (_folder, sim) = start(Sim::builder());
    let segment = segment(&sim);
    let mut peer = Peer::connect(sim.socket());
    for round in 0..50 {
        let epoch = segment.epoch();
        assert_eq!(peer.retval("create_loopback", json!({})), 0);
        assert_eq!(names(&segment), named(&["local0", "loop0"]), "{round}");
        assert_eq!(interfaces(&segment.entries()), ["local0", "loop0"]);
        assert_eq!(segment.epoch(), epoch + 1);
        peer.retval("delete_loopback", json!({"sw_if_index": 1}));
        assert_eq!(names(&segment), named(&["local0", "deleted"]), "{round}");
        assert_eq!(interfaces(&segment.entries()), ["local0"]);
        assert_eq!(segment.epoch(), epoch + 2);
    }
}

#[test]
fn a_reader_never_sees_half_an_update() {
    let (_folder, sim) = start(Sim::builder().stats_size(256 << 10));
    let segment = segment(&sim);
    let (writing, mut copies) = (AtomicBool::new(true), 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut peer = Peer::connect(sim.socket());
            for _ in 0..300 {
                peer.retval("create_loopback", json!({}));
                peer.retval("create_loopback", json!({}));
                peer.retval("delete_loopback", json!({"sw_if_index": 1}));
                peer.retval("delete_loopback", json!({"sw_if_index": 2}));
            }
            writing.store(false, Ordering::Release);
        });
        while writing.load(Ordering::Acquire) {
            let Some(copy) = segment.copy() else { continue };
            copies += 1;
            let entries = copy.entries();
            let names = names(&copy);
            let existing = names.iter().flatten().map(String::as_str);
            let mut existing: Vec<_> = existing.filter(|name| *name != "deleted").collect();
            existing.sort_unstable();
            assert_eq!(interfaces(&entries), existing);
        }
    });
    assert!(copies > 0);
    let deleted = named(&["local0", "deleted", "deleted"]);
    assert_eq!(names(&segment), deleted);
}

#[test]
fn slashes_in_names_become_underscores_in_symlinks() {
    let (_folder, sim) = start(Sim::builder());
    let mut peer = Peer::connect(sim.socket());
    let memif = json!({"role": "MEMIF_ROLE_API_SLAVE", "id": 7});
    peer.retval("memif_create_v2", memif);
    let vlan = json!({"sw_if_index": 1, "vlan_id": 5});
    peer.retval("create_vlan_subif", vlan);
    let segment = segment(&sim);
    assert_eq!(
        names(&segment),
        named(&["local0", "memif0/7", "memif0/7.5"])
    );
    let entries = segment.entries();
    assert_eq!(interfaces(&entries), ["local0", "memif0_7", "memif0_7.5"]);
    let target = Value::Symlink("/if/rx".to_owned(), 2);
    assert_eq!(entries["/interfaces/memif0_7.5/rx"], target);
}

#[test]
fn a_renamed_interface_keeps_its_name_in_the_segment() {
    let (_folder, sim) = start(Sim::builder().interfaces(1));
    let mut peer = Peer::connect(sim.socket());
    let name = json!({"sw_if_index": 1, "name": "uplink"});
    assert_eq!(peer.retval("sw_interface_set_interface_name", name), 0);
    let vhost = json!({
        "sock_filename": "/nowhere/vhost.sock",
        "renumber": true,
        "custom_dev_instance": 9,
    });
    assert_eq!(peer.retval("create_vhost_user_if_v2", vhost), 0);
    assert_eq!(
        sim.state().interface(2).unwrap().name,
        "VirtualEthernet0/0/9"
    );
    let expected = named(&["local0", "loop0", "VirtualEthernet0/0/0"]);
    assert_eq!(names(&segment(&sim)), expected);
}

#[test]
fn symlinks_take_freed_entries_and_counters_of_a_reused_index_are_cleared() {
    let (_folder, sim) = start(Sim::builder().interfaces(3));
    let segment = segment(&sim);
    let mut peer = Peer::connect(sim.socket());
    stats(&sim)
        .set_interface_counter(2, InterfaceCounter::Rx, 5, 300)
        .unwrap();
    let length = segment.types().len();
    peer.retval("delete_loopback", json!({"sw_if_index": 2}));
    let free = segment
        .types()
        .iter()
        .filter(|(kind, _)| *kind == 5)
        .count();
    assert_eq!((free, segment.types().len()), (17, length));
    let rx = |expected: (u64, u64)| match &segment.entries()["/if/rx"] {
        Value::Combined(rows) => assert_eq!(rows[0][2], expected),
        other => panic!("{other:?}"),
    };
    rx((5, 300));
    peer.retval("create_loopback", json!({}));
    rx((0, 0));
    assert_eq!(segment.types().len(), length);
    let expected = ["local0", "loop0", "loop1", "loop2"];
    assert_eq!(interfaces(&segment.entries()), expected);
}

#[test]
fn counters_change_at_once_and_without_a_new_epoch() {
    let (_folder, sim) = start(Sim::builder().interfaces(1));
    let segment = segment(&sim);
    let epoch = segment.epoch();
    let stats = stats(&sim);
    let counter = InterfaceCounter::Tx;
    stats.set_interface_counter(1, counter, 10, 1000).unwrap();
    stats.add_interface_counter(1, counter, 1, 64).unwrap();
    stats
        .add_interface_counter(1, InterfaceCounter::Drops, 3, 0)
        .unwrap();
    stats.add_value("/interfaces/loop0/drops", 2).unwrap();
    stats.set_value("/sys/vector_rate", 9).unwrap();
    stats.set_value("/err/memif-input/bad_desc", 4).unwrap();
    let entries = segment.entries();
    assert_eq!(
        entries["/if/tx"],
        Value::Combined(vec![vec![(0, 0), (11, 1064)]])
    );
    assert_eq!(entries["/if/drops"], Value::Simple(vec![vec![0, 5]]));
    assert_eq!(entries["/sys/vector_rate"], Value::Gauge(9));
    let Value::Symlink(_, column) = entries["/err/memif-input/bad_desc"] else {
        panic!("no symlink");
    };
    let Value::Simple(errors) = &entries["/node/errors"] else {
        panic!("no errors");
    };
    assert_eq!(errors[0][column as usize], 4);
    assert_eq!(segment.epoch(), epoch);
}

#[test]
fn values_that_do_not_exist_are_errors() {
    let (_folder, sim) = start(Sim::builder().interfaces(1));
    let mut peer = Peer::connect(sim.socket());
    peer.retval("delete_loopback", json!({"sw_if_index": 1}));
    let stats = stats(&sim);
    for index in [1, 2, u32::MAX] {
        let changed = stats.set_interface_counter(index, InterfaceCounter::Rx, 1, 1);
        assert_eq!(changed, Err(StatsError::UnknownInterface(index)));
    }
    let changed = stats.set_interface_counter(0, InterfaceCounter::Punt, 1, 1);
    assert_eq!(changed, Err(StatsError::NoBytes("punt".to_owned())));
    let changed = stats.set_value("/sys/none", 1);
    assert_eq!(
        changed,
        Err(StatsError::UnknownName("/sys/none".to_owned()))
    );
    let changed = stats.set_value("/if/rx", 1);
    assert_eq!(changed, Err(StatsError::NotANumber("/if/rx".to_owned())));
}

#[test]
fn the_heartbeat_changes_on_demand_and_with_the_interval() {
    let (_folder, sim) = start(Sim::builder());
    let manual = segment(&sim);
    stats(&sim).collect();
    stats(&sim).collect();
    assert_eq!(manual.entries()["/sys/heartbeat"], Value::Scalar(3));

    let (_folder, sim) = start(Sim::builder().stats_interval(Duration::from_millis(1)));
    let periodic = segment(&sim);
    let deadline = Instant::now() + Duration::from_secs(20);
    while periodic.entries()["/sys/heartbeat"] < Value::Scalar(5) {
        assert!(Instant::now() < deadline, "no heartbeat");
        std::thread::yield_now();
    }
}

#[test]
fn used_memory_is_in_the_segment() {
    let (_folder, sim) = start(Sim::builder());
    let segment = segment(&sim);
    let usage = || match &segment.entries()["/mem/stat segment"] {
        Value::Simple(rows) => rows[0].clone(),
        other => panic!("{other:?}"),
    };
    let before = usage();
    assert_eq!(before[0], (32 << 20) - 4096);
    assert_eq!(before[1] + before[2], before[0]);
    sim.state().add_loopbacks(100).unwrap();
    assert_eq!(usage(), before);
    stats(&sim).collect();
    assert!(usage()[1] > before[1] + 100 * 17 * 144);
}

#[test]
fn epoch_and_in_progress_can_be_set() {
    let (_folder, sim) = start(Sim::builder());
    let segment = segment(&sim);
    let epoch = segment.epoch();
    stats(&sim).bump_epoch();
    assert_eq!((segment.epoch(), segment.in_progress()), (epoch + 1, 0));
    stats(&sim).set_in_progress(true);
    sim.state().add_loopbacks(1).unwrap();
    assert_eq!(segment.in_progress(), 1);
    stats(&sim).set_in_progress(false);
    assert_eq!(segment.in_progress(), 0);
    assert_eq!(names(&segment), named(&["local0", "loop0"]));
}

#[test]
fn earlier_releases_have_scalars_instead_of_gauges() {
    for (release, kind) in [
        (Release::V22_10, 1),
        (Release::V25_10, 1),
        (Release::V26_02, 9),
    ] {
        let (_folder, sim) = start(Sim::builder().release(release));
        let types = segment(&sim).types();
        let rate = (kind, "/sys/vector_rate".to_owned());
        assert!(types.contains(&rate), "{release}");
        let boot = (1, "/sys/boottime".to_owned());
        assert_eq!(types.contains(&boot), release > Release::V22_10);
    }
}

#[test]
fn a_restart_makes_a_new_segment_and_freezes_the_old_one() {
    let rule = FaultRule::new("show_version", Fault::RestartAfter);
    let (_folder, sim) = start(Sim::builder().interfaces(1).faults([rule]));
    let old = segment(&sim);
    sim.state().add_loopbacks(1).unwrap();
    stats(&sim).collect();
    let before = old.entries();
    let epoch = old.epoch();
    let mut peer = Peer::connect(sim.socket());
    peer.send("show_version", &json!({}));
    assert!(peer.next().is_none());

    let new = segment(&sim);
    sim.state().add_loopbacks(5).unwrap();
    stats(&sim).collect();
    assert_eq!(old.entries(), before);
    assert_eq!(old.epoch(), epoch);
    assert_eq!(names(&old), named(&["local0", "loop0", "loop1"]));
    assert_eq!(names(&new).len(), 7);
    assert_eq!(new.entries()["/sys/heartbeat"], Value::Scalar(2));
}

#[test]
fn clients_that_never_read_or_leave_at_once_do_no_harm() {
    let (_folder, sim) = start(Sim::builder());
    let silent: Vec<_> = (0..50).map(|_| connect_to(stats(&sim).socket())).collect();
    for _ in 0..50 {
        drop(connect_to(stats(&sim).socket()));
    }
    assert_eq!(names(&segment(&sim)), named(&["local0"]));
    for client in &silent {
        receive(client);
    }
}

#[test]
fn a_hanging_vpp_accepts_no_client() {
    let (_folder, sim) = start(Sim::builder());
    sim.pause();
    let client = connect_to(stats(&sim).socket());
    assert!(is_silent(&client, Duration::from_millis(50)));
    sim.resume();
    receive(&client);
}

#[test]
fn the_socket_file_is_replaced_if_it_is_stale_and_removed_at_the_end() {
    let (folder, path) = folder();
    drop(rustix_listener(&path));
    assert!(path.exists());
    let sim = Sim::builder().stats_socket(&path).start_thread().unwrap();
    Segment::connect(&path);
    let second = Sim::builder().stats_socket(&path).start_thread();
    let error = second.unwrap_err().to_string();
    let expected = format!(
        "cannot listen on {}: another process listens on it",
        path.display()
    );
    assert_eq!(error, expected);
    Segment::connect(&path);
    drop(sim);
    assert!(!path.exists());
    drop(folder);
}

#[test]
fn a_socket_that_cannot_be_bound_is_an_error() {
    let (folder, path) = folder();
    let api = folder.path().join("api.sock");
    let builder = || Sim::builder().socket(&api);
    let missing = builder().stats_socket("/nowhere/stats.sock").start_thread();
    let error = missing.unwrap_err().to_string();
    assert!(
        error.starts_with("cannot listen on /nowhere/stats.sock: "),
        "{error}"
    );
    assert!(!api.exists());
    let small = builder()
        .stats_socket(&path)
        .stats_size(4096)
        .start_thread();
    let error = small.unwrap_err().to_string();
    assert!(error.contains("4096 bytes is out of range"), "{error}");
    let long = "s".repeat(200);
    assert!(builder().stats_socket(long).start_thread().is_err());
    let same = builder().stats_socket(&api).start_thread();
    assert!(same.is_err());
    assert!(!api.exists() && !path.exists());
}

#[test]
fn a_full_segment_does_not_stop_the_api() {
    let (_folder, sim) = start(Sim::builder().stats_size(256 << 10));
    let segment = segment(&sim);
    let mut peer = Peer::connect(sim.socket());
    for _ in 0..200 {
        assert_eq!(peer.retval("create_loopback", json!({})), 0);
    }
    let changed = stats(&sim).set_interface_counter(0, InterfaceCounter::Rx, 1, 1);
    assert!(
        matches!(changed, Err(StatsError::Stopped(_))),
        "{changed:?}"
    );
    let count = names(&segment).len();
    assert!(count > 15 && count < 201, "{count}");
}

#[test]
fn without_a_stats_socket_there_is_no_segment() {
    let sim = Sim::builder().start_thread().unwrap();
    assert!(sim.stats().is_none());
}

#[test]
#[ignore = "needs vpp_papi (PyPI)"]
fn vpp_papi_reads_the_segment() {
    let (_folder, sim) = start(Sim::builder().interfaces(2));
    stats(&sim)
        .set_interface_counter(2, InterfaceCounter::Rx, 7, 700)
        .unwrap();
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vpp_stats.py");
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(&python)
        .arg(program)
        .arg(stats(&sim).socket())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{errors}");
    assert_eq!(
        text, "names ['local0', 'loop0', 'loop1']\nrx (7, 700)\nheartbeat 1\n",
        "{errors}"
    );
}

/// Listens on a path, as a run that was killed has done.
fn rustix_listener(path: &std::path::Path) -> std::os::fd::OwnedFd {
    use rustix::net::{AddressFamily, SocketAddrUnix, SocketType, bind, listen, socket};
    let listener = socket(AddressFamily::UNIX, SocketType::SEQPACKET, None).unwrap();
    bind(&listener, &SocketAddrUnix::new(path).unwrap()).unwrap();
    listen(&listener, 1).unwrap();
    listener
}
