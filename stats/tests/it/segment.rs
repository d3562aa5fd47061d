//! Builds a segment byte by byte, independently of the reader.

/// VPP's address of the mapping. It differs from that of the reader.
pub const BASE: u64 = 0x1_3000_0000;
const DIRECTORY: usize = 32;
const HEADER_SIZE: usize = 4096;
pub const ENTRY_SIZE: usize = 144;

pub struct Segment {
    pub bytes: Vec<u8>,
    entries: Vec<[u8; ENTRY_SIZE]>,
}

impl Segment {
    pub fn new() -> Self {
        let mut new = Self {
            bytes: vec![0; HEADER_SIZE],
            entries: Vec::new(),
        };
        new.put(0, 2);
        new.put(8, BASE);
        new.put(16, 1);
        new
    }

    pub fn put(&mut self, offset: usize, word: u64) {
        self.bytes[offset..offset + 8].copy_from_slice(&word.to_ne_bytes());
    }

    /// A vector of `len` items; returns its address in VPP.
    pub fn vector(&mut self, len: u32, items: &[u8]) -> u64 {
        self.bytes.extend(len.to_ne_bytes());
        // The rest of a vector's header, which a reader must not take for a part of the length.
        self.bytes.extend([0xff; 4]);
        self.allocate(items)
    }

    pub fn allocate(&mut self, bytes: &[u8]) -> u64 {
        let offset = self.bytes.len();
        self.bytes.extend(bytes);
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
        BASE + offset as u64
    }

    pub fn words(&mut self, words: &[u64]) -> u64 {
        let len = u32::try_from(words.len()).unwrap();
        self.vector(
            len,
            &words
                .iter()
                .flat_map(|it| it.to_ne_bytes())
                .collect::<Vec<_>>(),
        )
    }

    /// Rows of counters. `None` is NULL.
    pub fn rows(&mut self, rows: &[Option<&[u64]>]) -> u64 {
        let pointers: Vec<u64> = rows
            .iter()
            .map(|row| row.map_or(0, |row| self.words(row)))
            .collect();
        self.words(&pointers)
    }

    /// Rows of pairs of packets and bytes.
    pub fn pairs(&mut self, rows: &[&[[u64; 2]]]) -> u64 {
        let mut pointers = Vec::new();
        for row in rows {
            let bytes: Vec<u8> = row
                .iter()
                .flatten()
                .flat_map(|it| it.to_ne_bytes())
                .collect();
            pointers.push(self.vector(u32::try_from(row.len()).unwrap(), &bytes));
        }
        self.words(&pointers)
    }

    pub fn names(&mut self, names: &[Option<&str>]) -> u64 {
        let pointers: Vec<u64> = names
            .iter()
            .map(|name| {
                name.map_or(0, |name| {
                    let bytes = [name.as_bytes(), &[0]].concat();
                    self.vector(u32::try_from(bytes.len()).unwrap(), &bytes)
                })
            })
            .collect();
        self.words(&pointers)
    }

    pub fn entry(&mut self, type_number: u32, name: &str, value: u64) -> u32 {
        // What follows the NUL is garbage.
        let mut entry = [0xee; ENTRY_SIZE];
        entry[..4].copy_from_slice(&type_number.to_ne_bytes());
        entry[8..16].copy_from_slice(&value.to_ne_bytes());
        entry[16..16 + name.len()].copy_from_slice(name.as_bytes());
        if name.len() < 128 {
            entry[16 + name.len()] = 0;
        }
        self.entries.push(entry);
        u32::try_from(self.entries.len() - 1).unwrap()
    }

    pub fn symlink(&mut self, name: &str, index: u32, column: u32) -> u32 {
        let mut value = [0; 8];
        value[..4].copy_from_slice(&index.to_ne_bytes());
        value[4..].copy_from_slice(&column.to_ne_bytes());
        self.entry(6, name, u64::from_ne_bytes(value))
    }

    /// Writes the directory and returns all bytes.
    pub fn finish(mut self) -> Vec<u8> {
        let entries = std::mem::take(&mut self.entries).concat();
        let len = u32::try_from(entries.len() / ENTRY_SIZE).unwrap();
        let directory = self.vector(len, &entries);
        self.put(DIRECTORY, directory);
        self.bytes
    }
}

pub fn open(bytes: Vec<u8>) -> vpp_stats::Stats {
    vpp_stats::Stats::builder().from_bytes(bytes).unwrap()
}

/// All values by name.
pub fn read(segment: Segment) -> vpp_stats::Query {
    open(segment.finish())
        .query(vpp_stats::Selection::all())
        .unwrap()
}

/// A segment with interfaces and counters.
pub fn interfaces(names: &[Option<&str>], rx: &[[u64; 2]], drops: &[u64]) -> Segment {
    let mut segment = Segment::new();
    segment.entry(1, "/sys/heartbeat", 7);
    let names = segment.names(names);
    segment.entry(4, "/if/names", names);
    let rx = segment.pairs(&[rx, rx]);
    segment.entry(3, "/if/rx", rx);
    let drops = segment.rows(&[Some(drops), None]);
    segment.entry(2, "/if/drops", drops);
    segment
}
