use super::read_pattern;
use crate::error::Result;
use crate::query::Query;
use crate::stats::Stats;

/// The use of a heap in bytes (`/mem/NAME`, `vlib/stats/provider_mem.c`).
///
/// VPP aborts if the heap `stat segment` is full: a large one is set with
/// `statseg { size … }`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Heap {
    /// The name, such as `main heap`.
    pub name: String,
    /// The size of the heap.
    pub total: u64,
    /// Memory in use.
    pub used: u64,
    /// Memory that is free.
    pub free: u64,
    /// Memory that was mapped outside of the heap.
    pub used_mmap: u64,
    /// The sum of all memory that the heap got from the system.
    pub total_alloc: u64,
    /// The number of free chunks.
    pub free_chunks: u64,
    /// Memory that could be given back to the system.
    pub releasable: u64,
}

/// A view of the heaps.
#[derive(Debug, Default)]
pub struct Heaps {
    query: Option<Query>,
    rows: Vec<Heap>,
}

impl Heaps {
    /// Prepares the view.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the heaps.
    ///
    /// # Errors
    ///
    /// As [`Stats::read`].
    pub fn read(&mut self, stats: &mut Stats) -> Result<&[Heap]> {
        // The entry of a heap. Links to its parts have one more component.
        let query = read_pattern(&mut self.query, "^/mem/[^/]+$", stats)?;
        self.rows.clear();
        for item in query.items() {
            let (Some(name), Some(counters)) =
                (item.name.strip_prefix("/mem/"), item.value.as_simple())
            else {
                continue;
            };
            let part = |index| counters.get(0, index).unwrap_or_default();
            self.rows.push(Heap {
                name: name.to_owned(),
                total: part(0),
                used: part(1),
                free: part(2),
                used_mmap: part(3),
                total_alloc: part(4),
                free_chunks: part(5),
                releasable: part(6),
            });
        }
        Ok(&self.rows)
    }
}
