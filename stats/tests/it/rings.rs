use vpp_stats::{Ring, Value};

use crate::segment::{Segment, read};

const ENTRY: usize = 4;

/// A ring of `size` records per thread. `written` has the number of records of each thread: record
/// n of thread t is the bytes `[t, n, n, n]`.
fn ring(stride: usize, size: usize, written: &[u64], schema: &[u8]) -> Segment {
    let threads = written.len();
    let data = 28;
    let metadata = (data + threads * size * ENTRY).next_multiple_of(stride);
    let schema_offset = metadata + threads * stride;
    let mut bytes = vec![0; schema_offset + schema.len()];
    let mut put = |offset: usize, value: &[u8]| {
        bytes[offset..offset + value.len()].copy_from_slice(value);
    };
    let number = |value: usize| u32::try_from(value).unwrap().to_ne_bytes();
    for (index, field) in [ENTRY, size, threads, schema.len(), 3, metadata, data]
        .into_iter()
        .enumerate()
    {
        put(4 * index, &number(field));
    }
    for (thread, written) in written.iter().enumerate() {
        for record in written.saturating_sub(size as u64)..*written {
            let place = usize::try_from(record).unwrap() % size;
            let byte = u8::try_from(record % 251).unwrap();
            let value = [u8::try_from(thread).unwrap(), byte, byte, byte];
            put(data + (thread * size + place) * ENTRY, &value);
        }
        let at = metadata + thread * stride;
        put(at, &number(usize::try_from(*written).unwrap() % size));
        put(at + 8, &written.to_ne_bytes());
        if !schema.is_empty() {
            put(at + 16, &number(schema_offset));
            put(at + 20, &number(schema.len()));
        }
    }
    put(schema_offset, schema);
    let mut segment = Segment::new();
    let pointer = segment.allocate(&bytes);
    segment.entry(8, "/ring", pointer);
    segment
}

fn read_ring(segment: Segment) -> Ring {
    match read(segment).get("/ring") {
        Some(Value::RingBuffer(ring)) => ring.clone(),
        other => panic!("{other:?}"),
    }
}

fn sequences(ring: &Ring, thread: usize) -> Vec<u64> {
    for record in ring.records(thread) {
        let byte = u8::try_from(record.sequence % 251).unwrap();
        assert_eq!(
            record.data,
            [u8::try_from(thread).unwrap(), byte, byte, byte]
        );
    }
    ring.records(thread).map(|it| it.sequence).collect()
}

#[test]
fn records_are_read_oldest_first() {
    let ring = read_ring(ring(64, 8, &[0, 5, 8, 1003], b""));
    assert_eq!(ring.threads_len(), 4);
    assert_eq!(sequences(&ring, 0), []);
    assert_eq!(sequences(&ring, 1), [0, 1, 2, 3, 4]);
    // The producer may already be writing over the oldest record of a full ring.
    assert_eq!(sequences(&ring, 2), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(sequences(&ring, 3), [996, 997, 998, 999, 1000, 1001, 1002]);
    assert_eq!(ring.written(3), 1003);
}

#[test]
fn cache_lines_of_64_and_128_bytes_are_recognized() {
    for stride in [64, 128] {
        for schema in [&b""[..], b"a schema"] {
            let ring = read_ring(ring(stride, 8, &[3, 4, 11], schema));
            assert_eq!(ring.schema(), schema, "{stride}");
            assert_eq!(sequences(&ring, 1), [0, 1, 2, 3], "{stride}");
            assert_eq!(sequences(&ring, 2), [4, 5, 6, 7, 8, 9, 10], "{stride}");
            assert_eq!((ring.entry_size(), ring.schema_version()), (4, 3));
        }
    }
}

#[test]
fn rings_with_hostile_sizes_are_invalid_or_empty() {
    for field in 0..7_usize {
        for value in [0, 1, 0x7fff_ffff, u32::MAX] {
            let mut segment = ring(64, 8, &[3, 4], b"a schema");
            let at = 4096 + 4 * field;
            segment.bytes[at..at + 4].copy_from_slice(&value.to_ne_bytes());
            let query = read(segment);
            let value = query.get("/ring").unwrap();
            assert!(
                matches!(value, Value::RingBuffer(_) | Value::Invalid(_)),
                "{value:?}"
            );
        }
    }
}

#[test]
fn a_sequence_at_its_limit_does_not_overflow() {
    let mut segment = ring(64, 8, &[3], b"");
    let metadata = 4096 + 64;
    segment.put(metadata + 8, u64::MAX);
    let ring = read_ring(segment);
    assert!(ring.records(0).count() <= 8);
}
