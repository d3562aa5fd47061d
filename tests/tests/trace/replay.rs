//! `vpp-bindgen trace-replay` against the simulator.

use vpp_bindings::interface::{CreateLoopback, SwInterfaceAddDelAddress, SwInterfaceDump};
use vpp_client::Client;
use vpp_sim::{Fault, FaultRule, Release, Sim, SimThread};
use vpp_wire::trace::{TraceReader, TraceTable, TraceWriter};

use super::recorded::{self, session};
use super::{TRACE, file, run, text};

fn vpp() -> SimThread {
    let builder = Sim::builder().release(Release::V26_06);
    builder.start_thread().unwrap()
}

fn replay(sim: &SimThread, arguments: &[&str]) -> std::process::Output {
    let socket = sim.socket().to_str().unwrap();
    run(&[&["trace-replay", "--socket", socket], arguments].concat())
}

/// The names and tags of all interfaces.
fn interfaces(sim: &SimThread) -> Vec<(u32, String, String)> {
    let client = Client::builder().socket(sim.socket()).connect_blocking();
    let client = client.unwrap();
    let all = client.dump(SwInterfaceDump::default());
    all.map(|one| {
        let one = one.unwrap();
        let (name, tag) = (one.interface_name.to_string(), one.tag.to_string());
        (one.sw_if_index.into(), name, tag)
    })
    .collect()
}

#[test]
fn objects_get_new_numbers_on_a_vpp_with_others() {
    let sim = vpp();
    let client = Client::builder().socket(sim.socket()).connect_blocking();
    let client = client.unwrap();
    for _ in 0..2 {
        client.call(CreateLoopback::default()).unwrap();
    }
    let output = replay(&sim, &[TRACE]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(text(&output.stdout), "");
    let errors = text(&output.stderr);
    assert!(
        errors.contains("sent 17 requests, skipped 67 records; 0 differ"),
        "{errors}"
    );
    assert!(
        errors.contains("skipped 63: VPP sends it to itself"),
        "{errors}"
    );
    // The third loopback of the trace is deleted at its end; the memif got number 6.
    let found = interfaces(&sim);
    let numbers: Vec<u32> = found.iter().map(|(number, ..)| *number).collect();
    assert_eq!(numbers, [0, 1, 2, 3, 4, 6]);
    assert_eq!(found[5].2, "pod-a");
    assert!(found[5].1.starts_with("memif"), "{found:?}");
}

#[test]
fn dry_run_sends_nothing() {
    let sim = vpp();
    let output = replay(&sim, &["--dry-run", TRACE]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(text(&output.stdout).lines().count(), 17);
    assert!(text(&output.stderr).contains("would send 17 requests, skip 67 records"));
    assert_eq!(interfaces(&sim).len(), 1);
}

/// The trace with only these records.
pub fn only(records: impl Fn(u32) -> bool) -> Vec<u8> {
    let bytes = std::fs::read(TRACE).unwrap();
    let mut reader = TraceReader::new(&bytes[..]).unwrap();
    let table: TraceTable = reader.table().clone();
    let mut kept = Vec::new();
    while let Some(record) = reader.next_record().unwrap() {
        if records(record.index) {
            kept.push(record.payload.to_vec());
        }
    }
    let count = u32::try_from(kept.len()).unwrap();
    let mut writer = TraceWriter::new(Vec::new(), &table, count, true).unwrap();
    kept.iter()
        .for_each(|payload| writer.record(payload).unwrap());
    writer.finish().unwrap()
}

#[test]
fn refused_requests_and_unexplained_numbers_are_reported() {
    let sim = vpp();
    // Without the creations: flags and addresses of interfaces that do not exist.
    let (_folder, path) = file(&only(|index| (66..70).contains(&index)));
    let output = replay(&sim, &[&path]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    assert_eq!(lines.len(), 4, "{output:?}");
    assert!(
        lines[0].starts_with("     0  sw_interface_set_flags: VPP refused it: "),
        "{lines:?}"
    );
    assert!(lines[0].contains("-2"), "{lines:?}");
    let errors = text(&output.stderr);
    assert!(
        errors.contains("sw_if_index 1, 2: no request of the trace creates it"),
        "{errors}"
    );
    assert!(errors.contains("first difference: record 0"), "{errors}");

    let stopped = replay(&sim, &["--stop", &path]);
    assert_eq!(text(&stopped.stdout).lines().count(), 1);
    assert!(
        text(&stopped.stderr).contains("sent 1 requests"),
        "{stopped:?}"
    );
}

#[test]
fn requests_for_an_object_that_vpp_refuses_reach_no_other_object() {
    let builder = Sim::builder().release(Release::V26_06);
    let sim = builder.start_thread().unwrap();
    let client = Client::builder().socket(sim.socket()).connect_blocking();
    // Interface 1 of this VPP belongs to somebody else.
    let other = client.unwrap().call(CreateLoopback::default()).unwrap();
    assert_eq!(u32::from(other.sw_if_index), 1);
    sim.add_fault(FaultRule::new("create_loopback", Fault::Retval(-1)).times(1));
    // The creation of interface 1 and requests that use it.
    let (_folder, path) = file(&only(|index| (63..70).contains(&index)));
    let output = replay(&sim, &[&path]);
    let errors = text(&output.stderr);
    assert!(
        errors.contains("the object of their sw_if_index could not be created"),
        "{output:?}"
    );
    let names: Vec<_> = interfaces(&sim);
    assert_eq!(names[1].2, "");
}

#[test]
fn cut_trace_is_replayed_up_to_the_cut() {
    let sim = vpp();
    let bytes = std::fs::read(TRACE).unwrap();
    let (_folder, path) = file(&bytes[..bytes.len() - 1]);
    let output = replay(&sim, &[&path]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(
        text(&output.stderr).contains("sent 17 requests"),
        "{output:?}"
    );
    assert!(
        text(&output.stderr).contains("the file ends at offset"),
        "{output:?}"
    );
}

#[test]
fn messages_that_vpp_lacks_are_skipped() {
    let builder = Sim::builder().release(Release::V22_10);
    let sim = builder.start_thread().unwrap();
    let output = replay(&sim, &["--api-dir", vpp_api_json::LATEST, TRACE]);
    let errors = text(&output.stderr);
    assert!(
        errors.contains("VPP does not have memif_create_v2"),
        "{errors}"
    );
}

#[test]
fn recorded_replies_tell_the_numbers_and_are_compared() {
    let recorded = session();
    assert_eq!(recorded.trace.dropped(), 0);
    // Recorded with one other loopback, replayed with three.
    let sim = recorded::vpp(3);
    let output = replay(&sim, &[&recorded.path]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let errors = text(&output.stderr);
    assert!(errors.contains("sent 6 requests"), "{errors}");
    assert!(errors.contains("0 differ, 0 refused"), "{errors}");
    let numbers: Vec<u32> = interfaces(&sim)
        .iter()
        .map(|(number, ..)| *number)
        .collect();
    assert_eq!(numbers, [0, 1, 2, 3, 5]);
}

#[test]
fn different_reply_is_reported_with_both_contents() {
    let recorded = session();
    let sim = recorded::vpp(1);
    let client = Client::builder().socket(sim.socket()).connect_blocking();
    // The address that the trace adds to another interface is taken.
    let taken = SwInterfaceAddDelAddress {
        sw_if_index: 1.into(),
        is_add: true,
        prefix: "10.0.0.1/24".parse().unwrap(),
        ..SwInterfaceAddDelAddress::default()
    };
    client.unwrap().call(taken).unwrap();
    let output = replay(&sim, &[&recorded.path]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    assert_eq!(
        lines[0],
        "     4  sw_interface_add_del_address: the answer differs"
    );
    assert!(
        lines[1].starts_with("  recorded {") && lines[1].contains("\"retval\":0"),
        "{lines:?}"
    );
    assert!(lines[2].starts_with("  now      {"), "{lines:?}");
    assert!(
        text(&output.stderr).contains("first difference: record 4"),
        "{output:?}"
    );
}
