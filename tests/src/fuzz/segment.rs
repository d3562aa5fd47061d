//! A small stats segment with all types of entries, as an input of the fuzzer.

/// VPP's address of the segment.
const BASE: u64 = 0x1_3000_0000;
const HEADER_SIZE: usize = 64;

/// The segment of a VPP since 22.06, or of one before.
pub(super) fn seed(is_before_22_06: bool) -> Vec<u8> {
    let mut bytes = vec![0; HEADER_SIZE];
    let counters = vector(&mut bytes, &[1, 2, 3]);
    let rows = vector(&mut bytes, &[counters, 0, counters]);
    let pairs = pairs(&mut bytes);
    let pairs = vector(&mut bytes, &[pairs]);
    let names = ["local0", "deleted", "loop0"].map(|name| text(&mut bytes, name));
    let names = vector(&mut bytes, &names);
    let ring = ring(&mut bytes);
    let later = u32::from(is_before_22_06);
    let mut entries = vec![
        (1, "/sys/heartbeat", 7),
        (2, "/if/drops", rows),
        (3, "/if/rx", pairs),
        (4 + later, "/if/names", names),
        (5 + later, "", 0),
        (6 + later, "/interfaces/loop0/drops", 1 | 2 << 32),
        (4 + later, "/sys/node/names", names),
    ];
    entries.push(match is_before_22_06 {
        true => (4, "/err/node/error", 1),
        false => (7, "/histogram", rows),
    });
    if !is_before_22_06 {
        entries.extend([(8, "/ring", ring), (9, "/gauge", 5)]);
    }
    let directory = directory(&mut bytes, &entries);
    let errors = match is_before_22_06 {
        true => rows,
        false => 0,
    };
    for (index, word) in [2, BASE, 1, 0, directory, errors].into_iter().enumerate() {
        bytes[8 * index..8 * index + 8].copy_from_slice(&word.to_ne_bytes());
    }
    bytes
}

/// Appends a vector of VPP and returns its address.
fn append(bytes: &mut Vec<u8>, len: usize, items: &[u8]) -> u64 {
    bytes.extend((len as u64).to_ne_bytes());
    let address = BASE + bytes.len() as u64;
    bytes.extend(items);
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    address
}

fn vector(bytes: &mut Vec<u8>, words: &[u64]) -> u64 {
    let items: Vec<u8> = words.iter().flat_map(|it| it.to_ne_bytes()).collect();
    append(bytes, words.len(), &items)
}

fn pairs(bytes: &mut Vec<u8>) -> u64 {
    let items: Vec<u8> = (1..=6_u64).flat_map(u64::to_ne_bytes).collect();
    append(bytes, 3, &items)
}

fn text(bytes: &mut Vec<u8>, text: &str) -> u64 {
    let items = [text.as_bytes(), &[0]].concat();
    append(bytes, items.len(), &items)
}

/// Two threads with four records of 8 bytes each.
fn ring(bytes: &mut Vec<u8>) -> u64 {
    let (threads, size, entry, schema, metadata) = (2, 4, 8, 5, 128);
    let mut ring = vec![0_u8; metadata + threads * 64];
    let header = [entry, size, threads, schema, 1, metadata, 28];
    for (index, field) in header.into_iter().enumerate() {
        ring[4 * index] = u8::try_from(field).unwrap_or_default();
    }
    for thread in 0..threads {
        ring[metadata + 64 * thread + 8] = 6;
        ring[metadata + 64 * thread] = 2;
        // The schema is at offset 256.
        ring[metadata + 64 * thread + 17] = 1;
    }
    ring.extend(b"names");
    append(bytes, 0, &ring)
}

fn directory(bytes: &mut Vec<u8>, entries: &[(u32, &str, u64)]) -> u64 {
    let mut items = Vec::new();
    for (entry_type, name, value) in entries {
        items.extend(u64::from(*entry_type).to_ne_bytes());
        items.extend(value.to_ne_bytes());
        let mut field = [0; 128];
        field[..name.len()].copy_from_slice(name.as_bytes());
        items.extend(field);
    }
    append(bytes, entries.len(), &items)
}
