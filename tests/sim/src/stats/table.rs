//! The entries with their values, and where each value is.

use std::collections::HashMap;

use super::counter::Counter;
use super::directory::{Directory, Kind};
use super::error::StatsError;
use super::heap::{Full, Heap};
use super::memory::Memory;
use super::names::Names;

/// The offsets of a value: a number, or packets and bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) packets: usize,
    pub(super) bytes: Option<usize>,
}

/// All entries of a segment. The results of changes are `None` if the name already exists.
#[derive(Debug)]
pub(super) struct Table {
    heap: Heap,
    directory: Directory,
    counters: HashMap<u32, Counter>,
}

impl Table {
    /// An empty table. Without gauges, they have the type of scalars.
    pub(super) fn new(memory: Memory, has_gauges: bool) -> Self {
        Self {
            heap: Heap::new(memory),
            directory: Directory::new(has_gauges),
            counters: HashMap::new(),
        }
    }

    /// The memory, to read it and to commit changes.
    pub(super) fn memory(&mut self) -> &mut Memory {
        &mut self.heap.memory
    }

    /// The bytes in use, and the bytes that exist.
    pub(super) fn usage(&self) -> (usize, usize) {
        (self.heap.used(), self.heap.total())
    }

    /// Adds a scalar or a gauge.
    pub(super) fn add_value(
        &mut self,
        name: &str,
        kind: Kind,
        value: u64,
    ) -> Result<Option<u32>, Full> {
        self.directory.add(&mut self.heap, name, kind, value)
    }

    /// Adds a counter. Without rows it has no memory.
    pub(super) fn add_counter(
        &mut self,
        name: &str,
        kind: Kind,
        rows: usize,
        columns: usize,
    ) -> Result<Option<u32>, Full> {
        let added = Counter::add(&mut self.directory, &mut self.heap, name, kind)?;
        let Some(mut counter) = added else {
            return Ok(None);
        };
        if rows > 0 {
            counter.grow(&self.directory, &mut self.heap, rows, columns)?;
        }
        let entry = counter.entry();
        self.counters.insert(entry, counter);
        Ok(Some(entry))
    }

    /// Adds columns to a counter with one row up to `column`, and clears that column.
    pub(super) fn reserve_column(&mut self, entry: u32, column: u32) -> Result<(), Full> {
        if let Some(counter) = self.counters.get_mut(&entry) {
            let columns = column as usize + 1;
            counter.grow(&self.directory, &mut self.heap, 1, columns)?;
            counter.clear(&mut self.heap, column);
        }
        Ok(())
    }

    /// Adds a symlink to a column of a counter.
    pub(super) fn add_symlink(
        &mut self,
        name: &str,
        entry: u32,
        column: u32,
    ) -> Result<Option<u32>, Full> {
        self.directory
            .add_symlink(&mut self.heap, name, entry, column)
    }

    /// Removes a scalar, gauge or symlink.
    pub(super) fn remove(&mut self, entry: u32) {
        self.directory.remove(&mut self.heap, entry);
    }

    /// Adds a vector of texts.
    pub(super) fn add_names(&mut self, name: &str) -> Result<Option<Names>, Full> {
        Names::add(&mut self.directory, &mut self.heap, name)
    }

    /// Sets a text of a vector.
    pub(super) fn set_name(
        &mut self,
        names: &mut Names,
        index: u32,
        text: &str,
    ) -> Result<(), Full> {
        names.set(&self.directory, &mut self.heap, index as usize, text)
    }

    /// The value of a counter's column in its first row.
    pub(super) fn column(&self, entry: u32, column: u32) -> Option<Place> {
        let (packets, bytes) = self.counters.get(&entry)?.offsets(0, column)?;
        Some(Place { packets, bytes })
    }

    /// The index of the entry of this name.
    pub(super) fn find(&self, name: &str) -> Option<u32> {
        self.directory.find(name).map(|(entry, _)| entry)
    }

    /// The value of a scalar, a gauge, or the column that a symlink points to.
    pub(super) fn value(&self, name: &str) -> Result<Place, StatsError> {
        let known = self.directory.find(name);
        let (entry, kind) = known.ok_or_else(|| StatsError::UnknownName(name.to_owned()))?;
        let place = match kind {
            Kind::Scalar | Kind::Gauge => self.directory.value_offset(entry).map(|packets| Place {
                packets,
                bytes: None,
            }),
            Kind::Symlink => {
                let target = self.directory.target(&self.heap, entry);
                target.and_then(|(entry, column)| self.column(entry, column))
            }
            Kind::Simple | Kind::Combined | Kind::Names => None,
        };
        place.ok_or_else(|| StatsError::NotANumber(name.to_owned()))
    }
}
