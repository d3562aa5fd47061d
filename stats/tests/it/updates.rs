//! Reading while VPP changes its directory.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use vpp_stats::{Error, Query, Selection, Stats, Value};

use crate::segment::{BASE, ENTRY_SIZE, Segment, interfaces};
use crate::server::Shared;

const EPOCH: u64 = 16;
const IN_PROGRESS: u64 = 24;
const DIRECTORY: u64 = 32;

fn open(shared: &Shared, timeout: Duration) -> Stats {
    let builder = Stats::builder().timeout(timeout);
    builder.from_file(shared.duplicate()).unwrap()
}

#[test]
fn an_update_that_never_ends_is_an_error() {
    let shared = Shared::new(&interfaces(&[Some("local0")], &[[1, 1]], &[1]).finish());
    shared.put(IN_PROGRESS, 1);
    let mut stats = open(&shared, Duration::from_millis(20));
    let error = stats.query(Selection::all()).unwrap_err();
    assert!(matches!(error, Error::Busy { .. }), "{error}");
    shared.put(IN_PROGRESS, 0);
    assert!(stats.query(Selection::all()).is_ok());
}

/// Two directories in one segment; the value of each entry tells which name belongs to it.
fn two_directories() -> (Vec<u8>, [u64; 2]) {
    let mut bytes = Segment::new().finish();
    let mut directories = [0; 2];
    for (number, directory) in directories.iter_mut().enumerate() {
        let mut other = Segment::new();
        // In the second directory, every name is at another index.
        for index in 0..64_u64 {
            let id = match number {
                0 => index,
                _ => 63 - index,
            };
            other.entry(1, &format!("/entry/{id}"), 1000 + id);
        }
        let all = other.finish();
        let entries = &all[all.len() - 64 * ENTRY_SIZE..];
        bytes.extend(64_u32.to_ne_bytes());
        bytes.extend([0; 4]);
        *directory = BASE + bytes.len() as u64;
        bytes.extend(entries);
    }
    (bytes, directories)
}

#[test]
fn no_value_is_read_under_another_name_while_the_directory_changes() {
    let (bytes, directories) = two_directories();
    let shared = Shared::new(&bytes);
    shared.put(DIRECTORY, directories[0]);
    let mut stats = open(&shared, Duration::from_secs(5));
    let is_done = Arc::new(AtomicBool::new(false));
    let writer = thread::spawn({
        let is_done = Arc::clone(&is_done);
        move || {
            let mut updates = 0_u64;
            while !is_done.load(Ordering::Relaxed) {
                shared.put(IN_PROGRESS, 1);
                shared.put(
                    DIRECTORY,
                    directories[usize::from(updates.is_multiple_of(2))],
                );
                updates += 1;
                shared.put(EPOCH, 1 + updates);
                shared.put(IN_PROGRESS, 0);
            }
            updates
        }
    });
    let mut all = Query::new(Selection::all());
    let mut three = Query::new(Selection::names(["/entry/3", "/entry/60", "/entry/1"]));
    let mut readings = 0;
    for _ in 0..2_000 {
        for query in [&mut all, &mut three] {
            // VPP never updates without a pause. A reader that finds none reports that.
            match stats.read(query) {
                Ok(()) => readings += 1,
                Err(Error::Busy { .. }) => continue,
                Err(error) => panic!("{error}"),
            }
            for item in query.items() {
                let id: u64 = item.name.rsplit_once('/').unwrap().1.parse().unwrap();
                match &item.value {
                    Value::Scalar(value) => assert_eq!(*value, 1000 + id),
                    // Between two updates that move it, an entry can be missed.
                    Value::Missing => assert!(!query.is_consistent()),
                    other => panic!("{other:?}"),
                }
            }
        }
    }
    is_done.store(true, Ordering::Relaxed);
    assert!(writer.join().unwrap() > 0);
    assert!(readings > 0);
}

#[test]
fn a_new_entry_is_found_after_an_update() {
    let mut segment = Segment::new();
    segment.entry(1, "/first", 1);
    segment.entry(5, "", 0);
    let shared = Shared::new(&segment.finish());
    let mut stats = open(&shared, Duration::from_secs(1));
    let mut query = Query::new(Selection::patterns(["^/"]).unwrap());
    let mut by_name = Query::new(Selection::names(["/second"]));
    stats.read(&mut query).unwrap();
    stats.read(&mut by_name).unwrap();
    assert_eq!(
        (query.items().len(), &by_name.items()[0].value),
        (1, &Value::Missing)
    );
    // The free slot is used.
    let mut second = Segment::new();
    second.entry(1, "/second", 2);
    let entry = second.finish();
    let len = shared.0.metadata().unwrap().len();
    let entry = &entry[entry.len() - ENTRY_SIZE..];
    std::os::unix::fs::FileExt::write_all_at(&shared.0, entry, len - 144).unwrap();
    shared.put(EPOCH, 2);
    stats.read(&mut query).unwrap();
    stats.read(&mut by_name).unwrap();
    assert_eq!(query.get("/second"), Some(&Value::Scalar(2)));
    assert_eq!(by_name.items()[0].value, Value::Scalar(2));
}

#[test]
fn a_renamed_entry_is_noticed_without_an_update() {
    let mut segment = Segment::new();
    segment.entry(1, "/old", 1);
    segment.entry(1, "/other", 2);
    let shared = Shared::new(&segment.finish());
    let mut stats = open(&shared, Duration::from_secs(1));
    let mut query = Query::new(Selection::patterns(["^/o"]).unwrap());
    stats.read(&mut query).unwrap();
    let len = shared.0.metadata().unwrap().len();
    std::os::unix::fs::FileExt::write_all_at(&shared.0, b"/one\0", len - 288 + 16).unwrap();
    stats.read(&mut query).unwrap();
    let names: Vec<_> = query.items().iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["/one", "/other"]);
}
