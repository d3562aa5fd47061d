//! The directory: one entry per name.

use std::collections::HashMap;

use super::heap::{Full, Heap};
use super::vector::Vector;

/// `sizeof (vlib_stats_entry_t)`: type (u32), padding, value (u64), name.
const ENTRY: usize = 144;
const VALUE: usize = 8;
const NAME: usize = 16;

/// The longest name, without the terminating NUL (`VLIB_STATS_MAX_NAME_SZ` - 1).
const LONGEST_NAME: usize = 127;

/// The end of the list of free entries (`CLIB_U32_MAX`).
const NO_ENTRY: u64 = u32::MAX as u64;

/// The type of an entry (`stat_directory_type_t`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number.
    Scalar,
    /// Rows of numbers.
    Simple,
    /// Rows of pairs: packets and bytes.
    Combined,
    /// Texts.
    Names,
    /// One column of a counter.
    Symlink,
    /// A number. Before v26.02 it has the type of a scalar.
    Gauge,
}

impl Kind {
    fn number(self, has_gauges: bool) -> u32 {
        match self {
            Self::Scalar => 1,
            Self::Simple => 2,
            Self::Combined => 3,
            Self::Names => 4,
            Self::Symlink => 6,
            Self::Gauge if has_gauges => 9,
            Self::Gauge => 1,
        }
    }
}

/// The type of a free entry (`STAT_DIR_TYPE_EMPTY`).
const EMPTY: u32 = 5;

/// The entries. As in VPP, the entry that was freed last is used first, and the value of a free
/// entry is the index of the next free one.
#[derive(Debug)]
pub(super) struct Directory {
    has_gauges: bool,
    entries: Vector,
    kinds: Vec<Option<Kind>>,
    free: Vec<u32>,
    by_name: HashMap<Box<[u8]>, u32>,
}

impl Directory {
    /// An empty directory. Without gauges, they have the type of scalars.
    pub(super) fn new(has_gauges: bool) -> Self {
        Self {
            has_gauges,
            entries: Vector::new(ENTRY),
            kinds: Vec::new(),
            free: Vec::new(),
            by_name: HashMap::new(),
        }
    }

    /// Adds an entry and returns its index, or `None` if the name exists. Cuts a long name.
    ///
    /// # Errors
    /// If the segment is full.
    pub(super) fn add(
        &mut self,
        heap: &mut Heap,
        name: &str,
        kind: Kind,
        value: u64,
    ) -> Result<Option<u32>, Full> {
        let name = cut(name);
        if self.by_name.contains_key(name) {
            return Ok(None);
        }
        let index = match self.free.pop() {
            Some(index) => index,
            None => self.append(heap)?,
        };
        if let Some(known) = self.kinds.get_mut(index as usize) {
            *known = Some(kind);
        }
        self.by_name.insert(name.into(), index);
        self.write(heap, index, kind.number(self.has_gauges), value, name);
        Ok(Some(index))
    }

    /// Adds a symlink to a column of an entry, if the name does not exist.
    ///
    /// # Errors
    /// If the segment is full.
    pub(super) fn add_symlink(
        &mut self,
        heap: &mut Heap,
        name: &str,
        entry: u32,
        column: u32,
    ) -> Result<Option<u32>, Full> {
        let value = pack(entry, column);
        self.add(heap, name, Kind::Symlink, value)
    }

    /// Frees an entry.
    pub(super) fn remove(&mut self, heap: &mut Heap, index: u32) {
        let Some(known) = self.kinds.get_mut(index as usize).map(Option::take) else {
            return;
        };
        if known.is_none() {
            return;
        }
        let name = self.name(heap, index).to_vec();
        self.by_name.remove(&*name);
        let next = self.free.last().map_or(NO_ENTRY, |next| u64::from(*next));
        self.write(heap, index, EMPTY, next, &[]);
        self.free.push(index);
    }

    /// The entry of this name.
    pub(super) fn find(&self, name: &str) -> Option<(u32, Kind)> {
        let index = *self.by_name.get(cut(name))?;
        let kind = self.kinds.get(index as usize).copied().flatten()?;
        Some((index, kind))
    }

    /// The entry and the column that a symlink points to.
    pub(super) fn target(&self, heap: &Heap, index: u32) -> Option<(u32, u32)> {
        let value = heap.memory.u64(self.value_offset(index)?);
        Some(unpack(value))
    }

    /// The offset of an entry's value.
    pub(super) fn value_offset(&self, index: u32) -> Option<usize> {
        Some(self.entries.offset(index as usize)? + VALUE)
    }

    /// Changes an entry's value.
    pub(super) fn set_value(&self, heap: &mut Heap, index: u32, value: u64) {
        if let Some(offset) = self.value_offset(index) {
            heap.memory.write_u64(offset, value);
        }
    }

    fn append(&mut self, heap: &mut Heap) -> Result<u32, Full> {
        let index = self.entries.len();
        if self.entries.grow(heap, index + 1)? {
            heap.memory.set_directory(self.entries.start());
        }
        self.kinds.push(None);
        // A segment with this many entries would have 576 GiB.
        Ok(u32::try_from(index).unwrap_or(u32::MAX))
    }

    fn name<'a>(&self, heap: &'a Heap, index: u32) -> &'a [u8] {
        let Some(entry) = self.entries.offset(index as usize) else {
            return &[];
        };
        let field = heap.memory.bytes(entry + NAME..entry + ENTRY);
        field.split(|byte| *byte == 0).next().unwrap_or_default()
    }

    fn write(&self, heap: &mut Heap, index: u32, kind: u32, value: u64, name: &[u8]) {
        let Some(offset) = self.entries.offset(index as usize) else {
            return;
        };
        let mut entry = [0; ENTRY];
        entry[..4].copy_from_slice(&kind.to_ne_bytes());
        entry[VALUE..NAME].copy_from_slice(&value.to_ne_bytes());
        entry[NAME..NAME + name.len()].copy_from_slice(name);
        heap.memory.write(offset, &entry);
    }
}

/// The part of a name that fits. A name ends at its first NUL.
fn cut(name: &str) -> &[u8] {
    let name = name.as_bytes();
    let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
    &name[..name.len().min(LONGEST_NAME)]
}

/// `index1` and `index2` of an entry: two u32 in this order.
fn pack(first: u32, second: u32) -> u64 {
    let ([a, b, c, d], [e, f, g, h]) = (first.to_ne_bytes(), second.to_ne_bytes());
    u64::from_ne_bytes([a, b, c, d, e, f, g, h])
}

fn unpack(value: u64) -> (u32, u32) {
    let [a, b, c, d, e, f, g, h] = value.to_ne_bytes();
    (
        u32::from_ne_bytes([a, b, c, d]),
        u32::from_ne_bytes([e, f, g, h]),
    )
}

#[cfg(test)]
mod tests {
    use super::super::memory::Memory;
    use super::*;

    fn heap() -> Heap {
        Heap::new(Memory::new(1 << 20).unwrap())
    }

    fn raw(directory: &Directory, heap: &Heap, index: u32) -> (u32, u64) {
        let value = directory.value_offset(index).unwrap();
        let kind = heap.memory.bytes(value - 8..value - 4);
        (
            u32::from_ne_bytes(kind.try_into().unwrap()),
            heap.memory.u64(value),
        )
    }

    #[test]
    fn the_entry_freed_last_is_used_first() {
        let (mut directory, mut heap) = (Directory::new(true), heap());
        for (index, name) in (0..).zip(["/a", "/b", "/c"]) {
            let added = directory.add(&mut heap, name, Kind::Scalar, 7);
            assert_eq!(added, Ok(Some(index)));
        }
        directory.remove(&mut heap, 0);
        directory.remove(&mut heap, 2);
        directory.remove(&mut heap, 2);
        assert_eq!(raw(&directory, &heap, 0), (EMPTY, NO_ENTRY));
        assert_eq!(raw(&directory, &heap, 2), (EMPTY, 0));
        assert_eq!(directory.find("/c"), None);
        assert_eq!(directory.name(&heap, 2), b"");
        assert_eq!(directory.add(&mut heap, "/d", Kind::Gauge, 1), Ok(Some(2)));
        assert_eq!(directory.add_symlink(&mut heap, "/e", 2, 5), Ok(Some(0)));
        assert_eq!(directory.target(&heap, 0), Some((2, 5)));
        assert_eq!(raw(&directory, &heap, 2), (9, 1));
        assert_eq!(directory.add(&mut heap, "/f", Kind::Names, 0), Ok(Some(3)));
    }

    #[test]
    fn an_existing_name_is_not_added_again() {
        let (mut directory, mut heap) = (Directory::new(false), heap());
        assert_eq!(directory.add(&mut heap, "/a", Kind::Gauge, 3), Ok(Some(0)));
        assert_eq!(directory.add(&mut heap, "/a", Kind::Scalar, 4), Ok(None));
        assert_eq!(raw(&directory, &heap, 0), (1, 3));
    }

    #[test]
    fn a_long_name_is_cut() {
        let (mut directory, mut heap) = (Directory::new(true), heap());
        let long = "n".repeat(200);
        directory.add(&mut heap, &long, Kind::Scalar, 0).unwrap();
        assert_eq!(directory.name(&heap, 0), &[b'n'; 127]);
        assert_eq!(directory.find(&long), Some((0, Kind::Scalar)));
        directory.remove(&mut heap, 0);
        assert_eq!(directory.find(&long), None);
    }
}
