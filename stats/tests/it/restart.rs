use std::time::Duration;

use vpp_stats::{Error, Query, Selection, Stats};

use crate::segment::{Segment, interfaces};
use crate::server::{Answer, Server, Shared, new_socket, socket};

fn heartbeat(value: u64) -> Shared {
    let mut segment = Segment::new();
    segment.entry(1, "/sys/heartbeat", value);
    Shared::new(&segment.finish())
}

/// Reads until the reader looks at the socket again.
fn read_until(stats: &mut Stats, query: &mut Query, expected: u64) {
    let start = std::time::Instant::now();
    while start.elapsed() < Duration::from_secs(20) {
        if stats.read(query).is_ok() && query.items()[0].value.as_u64() == Some(expected) {
            return;
        }
        std::thread::yield_now();
    }
    panic!("still {:?}", query.items());
}

#[test]
fn a_restarted_vpp_is_mapped_again() {
    let (_folder, path) = socket();
    let old = Server::start(&path, Answer::Segment(heartbeat(100).0));
    let mut stats = Stats::connect(&path).unwrap();
    let mut query = Query::new(Selection::names(["/sys/heartbeat"]));
    stats.read(&mut query).unwrap();
    assert_eq!(
        (query.items()[0].value.as_u64(), stats.run()),
        (Some(100), 1)
    );
    drop(old);
    let _new = Server::start(&path, Answer::Segment(heartbeat(1).0));
    read_until(&mut stats, &mut query, 1);
    assert_eq!(stats.run(), 2);
}

#[test]
fn a_vpp_that_is_gone_is_an_error_until_it_is_back() {
    let (_folder, path) = socket();
    let old = Server::start(&path, Answer::Segment(heartbeat(100).0));
    let mut stats = Stats::connect(&path).unwrap();
    let mut query = Query::new(Selection::all());
    drop(old);
    std::fs::remove_file(&path).unwrap();
    let error = loop {
        if let Err(error) = stats.read(&mut query) {
            break error;
        }
    };
    assert!(matches!(error, Error::Connect { .. }), "{error}");
    assert!(error.to_string().contains("stats.sock"), "{error}");
    assert_eq!(stats.size(), 0);
    let _new = Server::start(&path, Answer::Segment(heartbeat(1).0));
    stats.read(&mut query).unwrap();
    assert_eq!(query.get("/sys/heartbeat").unwrap().as_u64(), Some(1));
}

#[test]
fn a_file_that_can_shrink_is_read_without_a_mapping() {
    let (folder, path) = socket();
    let file = folder.path().join("segment");
    let bytes = interfaces(&[Some("local0")], &[[1, 2]], &[3]).finish();
    std::fs::write(&file, &bytes).unwrap();
    let server = Answer::Segment(std::fs::File::open(&file).unwrap());
    let _server = Server::start(&path, server);
    let mut stats = Stats::connect(&path).unwrap();
    let mut query = Query::new(Selection::all());
    stats.read(&mut query).unwrap();
    assert_eq!(
        query.get("/if/drops").unwrap().as_simple().unwrap().total(),
        3
    );
    // A mapping would now end this process.
    std::fs::OpenOptions::new()
        .write(true)
        .open(&file)
        .unwrap()
        .set_len(10)
        .unwrap();
    assert!(stats.read(&mut query).is_err());
}

#[test]
fn a_vpp_that_does_not_answer_is_a_timeout() {
    let (_folder, path) = socket();
    let _socket = new_socket(&path);
    let builder = Stats::builder().timeout(Duration::from_millis(50));
    let error = builder.connect(&path).unwrap_err();
    assert!(matches!(error, Error::NoReply { .. }), "{error}");
}

#[test]
fn a_server_without_a_descriptor_is_named() {
    let (_folder, path) = socket();
    let _server = Server::start(&path, Answer::Nothing);
    let error = Stats::connect(&path).unwrap_err();
    assert!(matches!(error, Error::NoDescriptor { .. }), "{error}");
}

#[test]
fn two_thousand_connections_leak_no_descriptor() {
    let (_folder, path) = socket();
    let _server = Server::start(&path, Answer::Segment(heartbeat(1).0));
    let open = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    let before = open();
    for _ in 0..2_000 {
        Stats::connect(&path).unwrap();
    }
    // Other tests of this process open files, too.
    assert!(open() < before + 500);
}
