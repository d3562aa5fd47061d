//! The segment of a real VPP 26.06. The program's tests compare every line of its dump.

use std::io::Read;

use flate2::read::GzDecoder;
use vpp_stats::views::{Buffers, Errors, Heaps, Interfaces, Nodes, System};
use vpp_stats::{Combined, EntryType, Selection, Stats};

pub fn bytes() -> Vec<u8> {
    let packed = include_bytes!("../recorded/vpp-26.06.segment.gz");
    let mut bytes = Vec::new();
    GzDecoder::new(&packed[..]).read_to_end(&mut bytes).unwrap();
    bytes
}

fn stats() -> Stats {
    Stats::builder().from_bytes(bytes()).unwrap()
}

#[test]
fn vpp_papi_and_this_crate_count_the_same_entries() {
    let entries = stats().list(&Selection::all()).unwrap();
    assert_eq!(entries.len(), 5558);
    let unknown = entries
        .iter()
        .find(|it| matches!(it.entry_type, EntryType::Unknown(_)));
    assert_eq!(unknown, None);
}

#[test]
fn a_deleted_interface_is_left_out() {
    let mut view = Interfaces::new();
    let mut stats = stats();
    let interfaces = view.read(&mut stats).unwrap();
    let names: Vec<_> = interfaces
        .iter()
        .map(|it| (it.sw_if_index, it.name.as_str()))
        .collect();
    let expected = [
        (0, "local0"),
        (1, "loop0"),
        (2, "loop1"),
        (4, "memif1013904223/0"),
    ];
    assert_eq!(names, expected);
    assert_eq!(
        interfaces[2].tx,
        Combined {
            packets: 2,
            bytes: 300
        }
    );
    assert_eq!(
        (interfaces[1].drops, interfaces[2].drops, interfaces[2].ip6),
        (2, 1, 1)
    );
}

#[test]
fn views_have_what_vpp_shows() {
    let mut stats = stats();
    let mut system = System::new();
    let system = system.read(&mut stats).unwrap();
    assert_eq!(
        (system.heartbeat, system.boottime, system.last_update),
        (36, 1_795_528_816, 35)
    );
    assert_eq!(system.loops_per_worker, [1_378_137, 0]);

    let mut nodes = Nodes::new();
    let nodes = nodes.read(&mut stats).unwrap();
    assert_eq!((nodes.len(), nodes[0].name.as_str()), (523, "null-node"));
    assert!(nodes.iter().any(|it| it.calls > 0 && it.clocks > 0));

    let mut buffers = Buffers::new();
    let pools = buffers.read(&mut stats).unwrap();
    assert_eq!(pools.len(), 1);
    let pool = &pools[0];
    assert_eq!(
        (pool.name.as_str(), pool.available, pool.cached, pool.used),
        ("default-numa-0", 11_924, 32, 0)
    );

    let mut heaps = Heaps::new();
    let heaps = heaps.read(&mut stats).unwrap();
    let names: Vec<_> = heaps
        .iter()
        .map(|it| (it.name.as_str(), it.total))
        .collect();
    assert_eq!(
        names,
        [("stat segment", 8_384_512), ("main heap", 1_073_741_824)]
    );

    let mut errors = Errors::new();
    let errors: Vec<_> = errors.read(&mut stats).unwrap().collect();
    assert_eq!(errors.len(), 3310);
    assert_eq!(
        (errors[0].node, errors[0].error),
        ("null-node", "blackholed packets")
    );
}
