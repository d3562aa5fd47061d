//! A query that is read again allocates nothing.

#![cfg(test)]
#![expect(unsafe_code, reason = "an allocator that counts")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Read;
use std::sync::atomic::{AtomicU64, Ordering};

use vpp_stats::views::{Interfaces, Nodes};
use vpp_stats::{Query, Selection, Stats};

struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: everything is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the contract is the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the contract is the caller's.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One test, since other tests of the process would be counted.
#[test]
fn reading_again_allocates_nothing() {
    let packed = include_bytes!("recorded/vpp-26.06.segment.gz");
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(&packed[..])
        .read_to_end(&mut bytes)
        .unwrap();
    let mut stats = Stats::builder().from_bytes(bytes).unwrap();
    let mut everything = Query::new(Selection::all());
    let mut some = Query::new(Selection::names(["/if/rx", "/if/names", "/sys/heartbeat"]));
    let (mut interfaces, mut nodes) = (Interfaces::new(), Nodes::new());
    let mut read = || {
        stats.read(&mut everything).unwrap();
        stats.read(&mut some).unwrap();
        interfaces.read(&mut stats).unwrap();
        nodes.read(&mut stats).unwrap();
    };
    read();
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    for _ in 0..10 {
        read();
    }
    assert_eq!(ALLOCATIONS.load(Ordering::Relaxed) - before, 0);
}
