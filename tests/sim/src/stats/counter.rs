//! Counters: a vector of rows, one per thread, each with one column per object.

use super::directory::{Directory, Kind};
use super::heap::{Full, Heap};
use super::vector::Vector;

/// A pointer to a row.
const POINTER: usize = 8;

/// A counter with its rows.
#[derive(Debug)]
pub(super) struct Counter {
    entry: u32,
    is_combined: bool,
    pointers: Vector,
    rows: Vec<Vector>,
}

impl Counter {
    /// Adds a counter without rows, which has no memory. `None` if the name exists.
    ///
    /// # Errors
    /// If the segment is full.
    pub(super) fn add(
        directory: &mut Directory,
        heap: &mut Heap,
        name: &str,
        kind: Kind,
    ) -> Result<Option<Self>, Full> {
        let entry = directory.add(heap, name, kind, 0)?;
        Ok(entry.map(|entry| Self {
            entry,
            is_combined: kind == Kind::Combined,
            pointers: Vector::new(POINTER),
            rows: Vec::new(),
        }))
    }

    /// The index of its entry.
    pub(super) fn entry(&self) -> u32 {
        self.entry
    }

    /// Adds zeroed rows and columns up to these numbers.
    ///
    /// # Errors
    /// If the segment is full.
    pub(super) fn grow(
        &mut self,
        directory: &Directory,
        heap: &mut Heap,
        rows: usize,
        columns: usize,
    ) -> Result<(), Full> {
        if self.pointers.grow(heap, rows)? {
            directory.set_value(heap, self.entry, self.pointers.pointer());
        }
        let element = if self.is_combined { 16 } else { 8 };
        while self.rows.len() < rows {
            self.rows.push(Vector::new(element));
        }
        for (index, row) in self.rows.iter_mut().enumerate() {
            if row.grow(heap, columns)?
                && let Some(offset) = self.pointers.offset(index)
            {
                heap.memory.write_u64(offset, row.pointer());
            }
        }
        Ok(())
    }

    /// The offsets of the packets and of the bytes. A simple counter has no bytes.
    pub(super) fn offsets(&self, row: usize, column: u32) -> Option<(usize, Option<usize>)> {
        let packets = self.rows.get(row)?.offset(column as usize)?;
        Some((packets, self.is_combined.then_some(packets + 8)))
    }

    /// Clears a column of every row.
    pub(super) fn clear(&self, heap: &mut Heap, column: u32) {
        for row in 0..self.rows.len() {
            if let Some((packets, bytes)) = self.offsets(row, column) {
                for offset in [Some(packets), bytes].into_iter().flatten() {
                    heap.memory.write_u64(offset, 0);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::Memory;
    use super::*;

    #[test]
    fn rows_and_columns_grow_and_keep_their_values() {
        let mut heap = Heap::new(Memory::new(1 << 20).unwrap());
        let mut directory = Directory::new(true);
        let added = Counter::add(&mut directory, &mut heap, "/if/rx", Kind::Combined);
        let mut counter = added.unwrap().unwrap();
        let value = directory.value_offset(0).unwrap();
        assert_eq!(heap.memory.u64(value), 0);
        counter.grow(&directory, &mut heap, 1, 1).unwrap();
        let (packets, bytes) = counter.offsets(0, 0).unwrap();
        heap.memory.write_u64(packets, 3);
        heap.memory.write_u64(bytes.unwrap(), 400);
        counter.grow(&directory, &mut heap, 2, 9).unwrap();
        let (packets, bytes) = counter.offsets(0, 0).unwrap();
        assert_eq!(heap.memory.u64(packets), 3);
        assert_eq!(heap.memory.u64(bytes.unwrap()), 400);
        assert!(counter.offsets(1, 8).is_some() && counter.offsets(1, 9).is_none());
        let row = Memory::pointer_to(counter.offsets(1, 0).unwrap().0);
        assert_eq!(heap.memory.u64(counter.pointers.offset(1).unwrap()), row);
        assert_eq!(heap.memory.u64(value), counter.pointers.pointer());
        counter.clear(&mut heap, 0);
        assert_eq!(heap.memory.u64(packets), 0);
        assert_eq!(heap.memory.u64(bytes.unwrap()), 0);
    }
}
