use std::time::{Duration, Instant};

use vpp_stats::{Error, Selection, Stats};

use crate::segment::{Segment, open};

#[test]
fn many_entries_with_the_same_vector_do_not_exceed_the_limit() {
    let mut segment = Segment::new();
    let rows = segment.rows(&[Some(&vec![1; 100_000])]);
    for index in 0..20_000 {
        segment.entry(2, &format!("/entry/{index}"), rows);
    }
    let bytes = segment.finish();
    let start = Instant::now();
    let mut stats = Stats::builder()
        .memory_limit(64 << 20)
        .from_bytes(bytes)
        .unwrap();
    let error = stats.query(Selection::all()).unwrap_err();
    let Error::TooLarge { limit, entry } = &error else {
        panic!("{error}");
    };
    assert_eq!((*limit, entry.as_str()), (64 << 20, "/entry/83"));
    assert!(start.elapsed() < Duration::from_secs(10));
    // A smaller selection is read.
    assert!(stats.query(Selection::names(["/entry/99"])).is_ok());
}

#[test]
fn a_directory_of_hundred_thousand_entries_is_read_in_linear_time() {
    let mut segment = Segment::new();
    let names: Vec<_> = (0..100_000).map(|it| format!("/entry/{it}")).collect();
    for name in &names {
        segment.entry(1, name, 1);
    }
    let mut stats = open(segment.finish());
    let start = Instant::now();
    let query = stats.query(Selection::names(names)).unwrap();
    assert!(query.items().iter().all(|it| it.value.as_u64() == Some(1)));
    assert!(start.elapsed() < Duration::from_secs(10));
}
