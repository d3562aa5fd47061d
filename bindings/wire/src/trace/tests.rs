use super::*;

const KEY: &str = "control_ping_51077d14";

fn table() -> TraceTable {
    [(1, "a_00000001".to_owned()), (200, KEY.to_owned())]
        .into_iter()
        .collect()
}

fn file(payloads: &[&[u8]]) -> Vec<u8> {
    let count = u32::try_from(payloads.len()).unwrap();
    let mut writer = TraceWriter::new(Vec::new(), &table(), count, true).unwrap();
    for payload in payloads {
        writer.record(payload).unwrap();
    }
    writer.finish().unwrap()
}

/// The payloads up to the error, and the error.
fn read(bytes: &[u8]) -> (Vec<Vec<u8>>, Option<TraceReadError>) {
    let mut payloads = Vec::new();
    let mut reader = match TraceReader::new(bytes) {
        Ok(reader) => reader,
        Err(error) => return (payloads, Some(error)),
    };
    loop {
        match reader.next_record() {
            Ok(Some(record)) => payloads.push(record.payload.to_vec()),
            Ok(None) => return (payloads, None),
            Err(error) => {
                assert!(matches!(reader.next_record(), Ok(None)));
                return (payloads, Some(error));
            }
        }
    }
}

#[test]
fn written_file_has_the_layout_of_vpp() {
    let bytes = file(&[&[0, 200, 7]]);
    let mut expected = vec![0, 0, 0, 1, 0, 0, 0, 40, 1, 0, 0, 0, 2];
    expected.extend([3, 21]);
    expected.extend(b"a_00000001");
    expected.extend([0x22, 0x01, 43]);
    expected.extend(KEY.as_bytes());
    expected.extend([0, 0, 0, 3, 0, 200, 7]);
    assert_eq!(bytes, expected);
}

#[test]
fn written_file_is_read_back() {
    let bytes = file(&[&[0, 200, 7], &[0, 1]]);
    let mut reader = TraceReader::new(&bytes[..]).unwrap();
    assert_eq!(reader.table(), &table());
    assert!(reader.is_wrapped());
    assert_eq!(reader.announced(), 2);
    let start = reader.offset();
    let record = reader.next_record().unwrap().unwrap();
    assert_eq!((record.index, record.offset, record.id), (0, start, 200));
    let record = reader.next_record().unwrap().unwrap();
    assert_eq!((record.index, record.offset), (1, start + 7));
    assert_eq!(record.payload, [0, 1]);
    assert!(reader.next_record().unwrap().is_none());
}

#[test]
fn file_cut_at_any_byte_has_its_records_up_to_the_cut() {
    let payloads = [&[0, 200, 7][..], &[0, 1], &[0, 200, 1, 2, 3]];
    let bytes = file(&payloads);
    let sizes = payloads.map(|payload| 4 + payload.len());
    let start = bytes.len() - sizes.iter().sum::<usize>();
    for cut in 0..bytes.len() {
        let (records, error) = read(&bytes[..cut]);
        let mut end = start;
        let complete = sizes.iter().take_while(|size| {
            end += **size;
            end <= cut
        });
        assert_eq!(records, payloads[..complete.count()], "cut at {cut}");
        let (TraceReadError::Truncated { offset, .. }
        | TraceReadError::MissingRecords { offset, .. }) = error.unwrap()
        else {
            panic!("cut at {cut}: wrong error");
        };
        assert_eq!(offset, cut as u64);
    }
}

#[test]
fn hostile_lengths_are_errors() {
    let good = file(&[&[0, 200, 7]]);
    let record = good.len() - 7;
    let with = |at: usize, value: u32| {
        let mut bytes = good.clone();
        bytes[at..at + 4].copy_from_slice(&value.to_be_bytes());
        read(&bytes).1.map(|error| error.to_string())
    };
    for (at, value, expected) in [
        (
            4,
            u32::MAX,
            "the length 4294967295 of the message table at offset 4 is out of range",
        ),
        (
            4,
            3,
            "the length 3 of the message table at offset 4 is out of range (4 to ",
        ),
        (
            4,
            16 << 20,
            "the file ends at offset 56 in the message table: 16777169 more bytes",
        ),
        (
            9,
            u32::MAX,
            "the file ends at offset 49 in the message table: 1 more bytes",
        ),
        (0, 2, "the file ends at offset 56 after 1 of 2 records"),
        (0, 0, "the file continues at offset 49 after its 0 records"),
        (
            record,
            u32::MAX,
            "the length 4294967295 of record 0 at offset 49 is out of range",
        ),
        (
            record,
            1,
            "the length 1 of record 0 at offset 49 is out of range (2 to 67108864)",
        ),
        (
            record,
            64 << 20,
            "the file ends at offset 56 in record 0: 67108861 more bytes",
        ),
    ] {
        let error = with(at, value).unwrap();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn message_number_above_16_bits_is_an_error() {
    let mut entry = vec![0, 0, 0, 1];
    varint::put(65_536, &mut entry);
    entry.extend([3, b'x']);
    let error = TraceTable::parse(&entry, 9).unwrap_err().to_string();
    assert!(
        error.starts_with("the message number 65536 at offset 13"),
        "{error}"
    );
}

#[test]
fn writer_refuses_another_number_of_records() {
    let writer = TraceWriter::new(Vec::new(), &table(), 1, false).unwrap();
    assert!(writer.finish().is_err());
    let mut writer = TraceWriter::new(Vec::new(), &table(), 0, false).unwrap();
    assert!(writer.record(&[0, 1]).is_err());
    assert!(writer.record(&[0]).is_err());
}
