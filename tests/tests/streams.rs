//! The frame reader returns the same frames of a stream that arrives in any pieces.

#![cfg(test)]

use std::fs;
use std::ops::Range;

use serde_json::Value;
use vpp_tests::{unhex, vectors};
use vpp_wire::frame::{HEADER_SIZE, MAX_PAYLOAD, frame_size, split};

/// The bytes of a header that VPP uses internally. They are not zero in a real stream.
const INTERNAL: [u8; 8] = [0x7f, 0x5e, 0x10, 0, 0, 0xff, 0, 1];
const MARK: [u8; 4] = [0, 0xff, 0, 16];

struct Stream {
    bytes: Vec<u8>,
    /// The position of each payload.
    payloads: Vec<Range<usize>>,
}

/// A stream of messages that vpp_papi encoded, one per size, and of payloads between 2 bytes and
/// more than 256 KiB.
fn recorded() -> Stream {
    let mut payloads = vec![vec![0, 7], vec![0xff; 3]];
    for entry in fs::read_dir(vectors::folder()).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in text.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            for sample in line["samples"].as_array().unwrap() {
                payloads.push(unhex(sample["hex"].as_str().unwrap()).unwrap());
            }
        }
    }
    payloads.sort();
    payloads.sort_by_key(Vec::len);
    payloads.dedup_by_key(|payload| payload.len());
    // Bytes that look like headers, and a small frame after a large one.
    let large: Vec<u8> = INTERNAL
        .iter()
        .chain(&MARK)
        .copied()
        .cycle()
        .take(300_000)
        .collect();
    payloads.push(large);
    payloads.push(vec![0, 8]);

    let mut stream = Stream {
        bytes: Vec::new(),
        payloads: Vec::new(),
    };
    for payload in payloads {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let header = INTERNAL.iter().chain(&length).chain(&MARK);
        stream.bytes.extend(header);
        let start = stream.bytes.len();
        stream.bytes.extend(&payload);
        stream.payloads.push(start..start + payload.len());
    }
    stream
}

/// A reader of a part of a stream.
struct Reader<'a> {
    stream: &'a Stream,
    at: usize,
    found: usize,
}

impl<'a> Reader<'a> {
    fn new(stream: &'a Stream) -> Self {
        let (at, found) = (0, 0);
        Self { stream, at, found }
    }

    /// Reads all frames that are complete if the stream has arrived up to `end`.
    fn read(&mut self, end: usize) {
        loop {
            let buffer = &self.stream.bytes[self.at..end];
            let Some(frame) = split(buffer, MAX_PAYLOAD).unwrap() else {
                let size = frame_size(buffer, MAX_PAYLOAD).unwrap();
                assert_eq!(size.is_some(), buffer.len() >= HEADER_SIZE);
                assert!(size.is_none_or(|size| size > buffer.len()));
                return;
            };
            let payload = self.at + HEADER_SIZE..self.at + frame.size;
            assert_eq!(self.stream.payloads.get(self.found), Some(&payload));
            assert!(std::ptr::eq(frame.payload, &self.stream.bytes[payload]));
            self.at += frame.size;
            self.found += 1;
        }
    }

    /// Reads the rest and checks that the whole stream was read.
    fn finish(mut self) {
        self.read(self.stream.bytes.len());
        assert_eq!(self.at, self.stream.bytes.len());
        assert_eq!(self.found, self.stream.payloads.len());
    }
}

#[test]
fn a_stream_split_at_any_byte_has_the_same_frames() {
    let stream = recorded();
    let sizes: Vec<_> = stream.payloads.iter().map(Range::len).collect();
    assert!(sizes.len() > 40 && sizes.contains(&2), "{sizes:?}");
    assert!(sizes.contains(&300_000), "{sizes:?}");
    for cut in 0..=stream.bytes.len() {
        let mut reader = Reader::new(&stream);
        reader.read(cut);
        reader.finish();
    }
}

#[test]
fn a_stream_in_pieces_of_any_size_has_the_same_frames() {
    let stream = recorded();
    let length = stream.bytes.len();
    for size in 1..=length {
        let mut reader = Reader::new(&stream);
        for end in (size..length).step_by(size) {
            reader.read(end);
        }
        reader.finish();
    }
}
