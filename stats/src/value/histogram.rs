use super::Counters;

/// A histogram per thread, with bins at powers of two.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Histogram {
    /// Element 0 of a row is the exponent of the first bin, the others are bins.
    pub(crate) rows: Counters<u64>,
}

/// A bin of a [`Histogram`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bin {
    /// The largest value that the bin counts.
    pub upper_bound: u64,
    /// The number of values in this bin alone.
    pub count: u64,
}

impl Histogram {
    /// The number of threads.
    #[must_use]
    pub fn threads_len(&self) -> usize {
        self.rows.rows_len()
    }

    /// The exponent of the first bin of a thread. A thread without bins has none.
    #[must_use]
    pub fn min_exp(&self, thread: usize) -> Option<u64> {
        match self.rows.row(thread) {
            [min_exp, _, ..] => Some(*min_exp),
            _ => None,
        }
    }

    /// The bins of a thread: bin 0 counts values up to 2^`min_exp`, bin 1 those up to twice as
    /// much, and so on. Bounds above `u64::MAX` are `u64::MAX`.
    pub fn bins(&self, thread: usize) -> impl Iterator<Item = Bin> {
        let min_exp = self.min_exp(thread).unwrap_or(0);
        let counts = self.rows.row(thread).iter().skip(1);
        counts.zip(0..).map(move |(count, bin)| Bin {
            upper_bound: u32::try_from(min_exp.saturating_add(bin))
                .ok()
                .and_then(|exponent| 1_u64.checked_shl(exponent))
                .unwrap_or(u64::MAX),
            count: *count,
        })
    }
}
