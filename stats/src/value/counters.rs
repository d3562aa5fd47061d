use std::ops::Range;

/// Packets and bytes of a combined counter (`vlib_counter_t`).
///
/// VPP updates the two one after the other, so a reader can see one update in only one of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Combined {
    /// The number of packets.
    pub packets: u64,
    /// The number of bytes.
    pub bytes: u64,
}

/// A type of counter that can be summed. Sums wrap around, as VPP's own counters do.
pub trait Counter: Copy + Default + private::FromWords {
    /// Adds two counters.
    #[must_use]
    fn plus(self, other: Self) -> Self;
}

impl Counter for u64 {
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
}

impl Counter for Combined {
    fn plus(self, other: Self) -> Self {
        Self {
            packets: self.packets.wrapping_add(other.packets),
            bytes: self.bytes.wrapping_add(other.bytes),
        }
    }
}

pub(crate) mod private {
    /// A counter as words in memory.
    pub trait FromWords {
        /// The number of words of one counter.
        const WORDS: usize;
        fn from_words(words: &[u64]) -> Self;
    }

    impl FromWords for u64 {
        const WORDS: usize = 1;
        fn from_words(words: &[u64]) -> Self {
            words.first().copied().unwrap_or_default()
        }
    }

    impl FromWords for super::Combined {
        const WORDS: usize = 2;
        fn from_words(words: &[u64]) -> Self {
            match words {
                [packets, bytes, ..] => Self {
                    packets: *packets,
                    bytes: *bytes,
                },
                _ => Self::default(),
            }
        }
    }
}

/// Counters by row and index.
///
/// Most entries have one row per thread (the main thread first). Some have one row
/// (`/sys/vector_rate_per_worker`, `/mem/…`). The meaning of the index depends on the entry: the
/// interface index (`sw_if_index`) in `/if/…`, the node index in `/sys/node/…`. A row can have more
/// indices than are in use, and rows can differ in length. The value of a symlink has one index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counters<T> {
    values: Vec<T>,
    /// The end of each row in `values`.
    ends: Vec<usize>,
}

impl<T> Default for Counters<T> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            ends: Vec::new(),
        }
    }
}

impl<T: Counter> Counters<T> {
    /// The number of rows, most often the number of threads.
    #[must_use]
    pub fn rows_len(&self) -> usize {
        self.ends.len()
    }

    /// The length of the longest row.
    #[must_use]
    pub fn indices_len(&self) -> usize {
        self.rows().map(<[T]>::len).max().unwrap_or(0)
    }

    /// The counters of one row. A row that does not exist is empty.
    #[must_use]
    pub fn row(&self, row: usize) -> &[T] {
        self.range(row)
            .map_or(&[], |range| self.values.get(range).unwrap_or(&[]))
    }

    /// All rows.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[T]> {
        (0..self.ends.len()).map(|row| self.row(row))
    }

    /// The counter of one row and index.
    #[must_use]
    pub fn get(&self, row: usize, index: usize) -> Option<T> {
        self.row(row).get(index).copied()
    }

    /// The sum of all rows at an index. Rows that are too short count as 0.
    #[must_use]
    pub fn sum(&self, index: usize) -> T {
        self.rows()
            .filter_map(|row| row.get(index))
            .fold(T::default(), |sum, value| sum.plus(*value))
    }

    /// The sum of everything.
    #[must_use]
    pub fn total(&self) -> T {
        self.values
            .iter()
            .fold(T::default(), |sum, value| sum.plus(*value))
    }

    fn range(&self, row: usize) -> Option<Range<usize>> {
        let end = *self.ends.get(row)?;
        let start = match row.checked_sub(1) {
            Some(previous) => *self.ends.get(previous)?,
            None => 0,
        };
        Some(start..end)
    }

    pub(crate) fn clear(&mut self) {
        self.values.clear();
        self.ends.clear();
    }

    /// Appends words to the last row, which [`end_row`](Self::end_row) completes.
    pub(crate) fn extend(&mut self, words: &[u64]) {
        let counters = words.chunks_exact(T::WORDS).map(T::from_words);
        self.values.extend(counters);
    }

    pub(crate) fn end_row(&mut self) {
        self.ends.push(self.values.len());
    }
}

#[cfg(feature = "serde")]
impl<T: Counter + serde::Serialize> serde::Serialize for Counters<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.rows())
    }
}
