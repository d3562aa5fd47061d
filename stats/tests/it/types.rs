use vpp_stats::{Combined, EntryType, Query, Selection, Value};

use crate::segment::{Segment, open, read};

fn simple(query: &Query, name: &str) -> Vec<Vec<u64>> {
    let counters = query.get(name).unwrap().as_simple().unwrap();
    counters.rows().map(<[u64]>::to_vec).collect()
}

#[test]
fn scalars_and_gauges_are_whole_numbers() {
    let mut segment = Segment::new();
    segment.entry(1, "/scalar", u64::MAX);
    segment.entry(9, "/gauge", 3);
    let query = read(segment);
    assert_eq!(query.get("/scalar"), Some(&Value::Scalar(u64::MAX)));
    assert_eq!(query.get("/gauge"), Some(&Value::Gauge(3)));
}

#[test]
fn a_row_that_is_null_keeps_its_thread() {
    let mut segment = Segment::new();
    let rows = segment.rows(&[Some(&[1, 2]), None, Some(&[3])]);
    segment.entry(2, "/simple", rows);
    segment.entry(2, "/null", 0);
    let query = read(segment);
    assert_eq!(simple(&query, "/simple"), [vec![1, 2], vec![], vec![3]]);
    let counters = query.get("/simple").unwrap().as_simple().unwrap();
    assert_eq!(
        (counters.sum(0), counters.sum(1), counters.sum(2)),
        (4, 2, 0)
    );
    assert_eq!((counters.indices_len(), counters.total()), (2, 6));
    assert_eq!(simple(&query, "/null"), Vec::<Vec<u64>>::new());
}

#[test]
fn rows_longer_than_one_copy_are_complete() {
    let long: Vec<u64> = (0..10_001).collect();
    let pairs: Vec<[u64; 2]> = (0..5_000).map(|it| [it, 2 * it]).collect();
    let mut segment = Segment::new();
    let rows = segment.rows(&[Some(&long)]);
    segment.entry(2, "/simple", rows);
    let rows = segment.pairs(&[&pairs]);
    segment.entry(3, "/combined", rows);
    let query = read(segment);
    assert_eq!(simple(&query, "/simple"), [long]);
    let combined = query.get("/combined").unwrap().as_combined().unwrap();
    for (index, [packets, bytes]) in pairs.into_iter().enumerate() {
        assert_eq!(combined.get(0, index), Some(Combined { packets, bytes }));
    }
}

#[test]
fn a_name_that_is_null_keeps_its_index() {
    let mut segment = Segment::new();
    let names = segment.names(&[Some("local0"), None, Some("loop0"), Some("")]);
    segment.entry(4, "/if/names", names);
    let query = read(segment);
    let names: Vec<_> = query
        .get("/if/names")
        .unwrap()
        .as_names()
        .unwrap()
        .iter()
        .collect();
    assert_eq!(names, [Some("local0"), None, Some("loop0"), Some("")]);
}

#[test]
fn symlinks_have_one_index_of_their_target() {
    let mut segment = Segment::new();
    let rows = segment.rows(&[Some(&[1, 2, 3]), Some(&[10, 20, 30])]);
    let target = segment.entry(2, "/if/drops", rows);
    segment.symlink("/interfaces/loop0/drops", target, 2);
    let query = read(segment);
    assert_eq!(simple(&query, "/interfaces/loop0/drops"), [[3], [30]]);
}

#[test]
fn symlinks_that_lead_nowhere_have_no_value() {
    let mut segment = Segment::new();
    let rows = segment.rows(&[Some(&[1])]);
    let target = segment.entry(2, "/target", rows);
    segment.symlink("/column", target, 1);
    segment.symlink("/index", 77, 0);
    let circle = segment.symlink("/circle", 3, 0);
    assert_eq!(circle, 3);
    let query = read(segment);
    assert!(matches!(query.get("/column"), Some(Value::Invalid(_))));
    assert!(matches!(query.get("/index"), Some(Value::Invalid(_))));
    assert_eq!(query.get("/circle"), Some(&Value::Missing));
    assert_eq!(simple(&query, "/target"), [[1]]);
}

#[test]
fn free_slots_and_unknown_types_are_skipped() {
    let mut segment = Segment::new();
    segment.entry(5, "", 9);
    segment.entry(77, "/later", 1);
    segment.entry(1, "/scalar", 1);
    let mut stats = open(segment.finish());
    let query = stats.query(Selection::all()).unwrap();
    let names: Vec<_> = query.items().iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["/scalar"]);
    let types: Vec<_> = stats
        .list(&Selection::all())
        .unwrap()
        .into_iter()
        .map(|it| it.entry_type)
        .collect();
    assert_eq!(types, [EntryType::Unknown(77), EntryType::Scalar]);
}

#[test]
fn histograms_have_bins_at_powers_of_two() {
    let mut segment = Segment::new();
    let rows = segment.rows(&[Some(&[4, 1, 0, 2]), Some(&[4]), None]);
    segment.entry(7, "/histogram", rows);
    let query = read(segment);
    let Some(Value::HistogramLog2(histogram)) = query.get("/histogram") else {
        panic!("{:?}", query.get("/histogram"));
    };
    let bins: Vec<_> = histogram
        .bins(0)
        .map(|it| (it.upper_bound, it.count))
        .collect();
    assert_eq!(bins, [(16, 1), (32, 0), (64, 2)]);
    assert_eq!(histogram.min_exp(1), None);
    assert_eq!(histogram.bins(1).count() + histogram.bins(2).count(), 0);
}

#[test]
fn exponents_out_of_range_do_not_overflow() {
    let mut segment = Segment::new();
    let rows = segment.rows(&[Some(&[63, 1, 1]), Some(&[u64::MAX, 1, 1, 1])]);
    segment.entry(7, "/histogram", rows);
    let query = read(segment);
    let Some(Value::HistogramLog2(histogram)) = query.get("/histogram") else {
        panic!("{:?}", query.get("/histogram"));
    };
    let bounds: Vec<_> = histogram.bins(0).map(|it| it.upper_bound).collect();
    assert_eq!(bounds, [1 << 63, u64::MAX]);
    assert_eq!(histogram.bins(1).last().unwrap().upper_bound, u64::MAX);
}

/// VPP before 22.06: other numbers for types, errors of their own type, floating-point scalars.
#[test]
fn releases_before_22_06_are_read() {
    let mut segment = Segment::new();
    let errors = segment.rows(&[Some(&[5, 6]), Some(&[50, 60])]);
    segment.put(40, errors);
    segment.entry(1, "/sys/heartbeat", 2.5_f64.to_bits());
    segment.entry(4, "/err/node/second", 1);
    let names = segment.names(&[Some("local0")]);
    segment.entry(5, "/if/names", names);
    segment.entry(6, "", 0);
    let rows = segment.rows(&[Some(&[1, 2])]);
    let target = segment.entry(2, "/if/drops", rows);
    segment.entry(7, "/link", u64::from(target) | 1 << 32);
    let query = read(segment);
    assert_eq!(query.get("/sys/heartbeat"), Some(&Value::Float(2.5)));
    assert_eq!(simple(&query, "/err/node/second"), [[6], [60]]);
    assert_eq!(
        query.get("/if/names").unwrap().as_names().unwrap().get(0),
        Some("local0")
    );
    assert_eq!(simple(&query, "/link"), [[2]]);
    assert_eq!(query.items().len(), 5);
}

#[test]
fn names_of_128_bytes_and_other_encodings_are_found() {
    let long = "x".repeat(128);
    let mut segment = Segment::new();
    segment.entry(1, &long, 1);
    let mut bytes = segment.finish();
    let mut stats = open(bytes.clone());
    let query = stats.query(Selection::names([long.clone()])).unwrap();
    assert_eq!(query.items()[0].value, Value::Scalar(1));

    let start = bytes
        .windows(128)
        .position(|it| it == long.as_bytes())
        .unwrap();
    bytes[start] = 0xff;
    let query = open(bytes).query(Selection::all()).unwrap();
    assert_eq!(
        query.items()[0].name,
        format!("\u{fffd}{}", "x".repeat(127))
    );
    assert_eq!(query.items()[0].value, Value::Scalar(1));
}

#[test]
fn a_selection_by_names_keeps_their_order() {
    let mut segment = Segment::new();
    segment.entry(1, "/a", 1);
    segment.entry(1, "/b", 2);
    let mut stats = open(segment.finish());
    let query = stats
        .query(Selection::names(["/b", "/none", "/a"]))
        .unwrap();
    let items: Vec<_> = query
        .items()
        .iter()
        .map(|it| (it.name.as_str(), it.value.clone()))
        .collect();
    let expected = [
        ("/b", Value::Scalar(2)),
        ("/none", Value::Missing),
        ("/a", Value::Scalar(1)),
    ];
    assert_eq!(items, expected);
}

#[test]
fn patterns_match_anywhere_and_errors_name_the_pattern() {
    let mut segment = Segment::new();
    segment.entry(1, "/if/rx", 1);
    segment.entry(1, "/interfaces/loop0/rx", 1);
    segment.entry(1, "/sys/x", 1);
    let mut stats = open(segment.finish());
    let mut names = |patterns: &[&str]| -> Vec<String> {
        let selection = Selection::patterns(patterns).unwrap();
        let entries = stats.list(&selection).unwrap();
        entries.into_iter().map(|it| it.name).collect()
    };
    assert_eq!(names(&["rx$"]), ["/if/rx", "/interfaces/loop0/rx"]);
    assert_eq!(names(&["^/sys", "^/if"]), ["/if/rx", "/sys/x"]);
    assert_eq!(names(&[]).len(), 3);
    let error = Selection::patterns(["(/if"]).unwrap_err().to_string();
    assert!(error.contains("(/if"), "{error}");
}
