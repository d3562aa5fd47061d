//! Segments with flipped bits, cut segments, and pointers everywhere.

use std::time::{Duration, Instant};

use vpp_stats::views::{Interfaces, Nodes};
use vpp_stats::{Error, Query, Selection, Stats};

use crate::recorded;
use crate::segment::interfaces;

/// Reads everything that a program could read.
fn exercise(bytes: Vec<u8>) {
    let Ok(mut stats) = Stats::builder()
        .timeout(Duration::from_millis(1))
        .memory_limit(16 << 20)
        .from_bytes(bytes)
    else {
        return;
    };
    let _ = stats.list(&Selection::all());
    let mut query = Query::new(Selection::all());
    if stats.read(&mut query).is_ok() {
        for item in query.items() {
            let _ = format!("{:?}", item.value).len();
        }
    }
    let _ = Interfaces::new().read(&mut stats).map(<[_]>::len);
}

fn small() -> Vec<u8> {
    interfaces(
        &[Some("local0"), None, Some("loop0")],
        &[[1, 2], [3, 4], [5, 6]],
        &[1, 2, 3],
    )
    .finish()
}

#[test]
fn flipped_bits_and_hostile_words_are_harmless() {
    let mut random = fastrand::Rng::with_seed(11);
    let good = small();
    for _ in 0..20_000 {
        let mut bytes = good.clone();
        for _ in 0..random.usize(1..5) {
            // The interesting bytes are the header and what follows the first page.
            let at = match random.bool() {
                true => random.usize(0..48),
                false => random.usize(4096..bytes.len() - 8),
            };
            match random.u8(0..3) {
                0 => bytes[at] ^= 1 << random.u8(0..8),
                1 => bytes[at] = random.u8(..),
                _ => {
                    let word =
                        random.choice([0, 1, u64::MAX, 1 << 63, 0x1_3000_0000, 0x1_3000_1000]);
                    let at = at & !7;
                    bytes[at..at + 8].copy_from_slice(&word.unwrap().to_ne_bytes());
                }
            }
        }
        exercise(bytes);
    }
}

#[test]
fn every_truncation_is_harmless() {
    let good = small();
    for len in (0..64).chain(4090..good.len()) {
        exercise(good[..len].to_vec());
    }
}

#[test]
fn a_damaged_segment_of_a_real_vpp_is_read_in_bounded_time() {
    let mut random = fastrand::Rng::with_seed(12);
    let good = recorded::bytes();
    let start = Instant::now();
    for _ in 0..20 {
        let mut bytes = good.clone();
        for _ in 0..2_000 {
            let at = random.usize(4096..1_400_000);
            bytes[at] ^= 1 << random.u8(0..8);
        }
        exercise(bytes.clone());
        let mut stats = Stats::builder().from_bytes(bytes).unwrap();
        let _ = Nodes::new().read(&mut stats).map(<[_]>::len);
    }
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[test]
fn other_files_are_not_segments() {
    let open = |bytes: &[u8]| Stats::builder().from_bytes(bytes).unwrap_err();
    assert!(matches!(open(b""), Error::NotASegment { .. }));
    assert!(matches!(open(&[0; 4096]), Error::NotASegment { .. }));
    let mut version_one = small();
    version_one[0] = 1;
    let error = open(&version_one);
    assert!(matches!(error, Error::Version { found: 1 }), "{error}");
}
