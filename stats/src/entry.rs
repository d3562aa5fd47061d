use std::fmt;

/// What an entry of the directory holds (`stat_directory_type_t` in `vlib/stats/shared.h`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum EntryType {
    /// One number. Before VPP 26.02, gauges have this type too.
    Scalar,
    /// One number per thread and index.
    Simple,
    /// Packets and bytes per thread and index.
    Combined,
    /// The counter of an error, one number per thread. Only before VPP 22.06.
    Error,
    /// A name per index, such as `/if/names`.
    Names,
    /// A free slot of the directory.
    Empty,
    /// One index of another entry.
    Symlink,
    /// A histogram per thread, with bins at powers of two. Since VPP 26.02.
    HistogramLog2,
    /// A ring of records per thread. Since VPP 26.02.
    RingBuffer,
    /// One number that rises and falls. Since VPP 26.02.
    Gauge,
    /// A type that this crate does not know. Its entries are listed, and have no value.
    Unknown(u32),
}

impl EntryType {
    /// Numbers before VPP 22.06 had another meaning from 4 on.
    pub(crate) fn from_number(number: u32, is_before_22_06: bool) -> Self {
        match (number, is_before_22_06) {
            (1, _) => Self::Scalar,
            (2, _) => Self::Simple,
            (3, _) => Self::Combined,
            (4, false) | (5, true) => Self::Names,
            (5, false) | (6, true) => Self::Empty,
            (6, false) | (7, true) => Self::Symlink,
            (4, true) => Self::Error,
            (7, false) => Self::HistogramLog2,
            (8, false) => Self::RingBuffer,
            (9, false) => Self::Gauge,
            (other, _) => Self::Unknown(other),
        }
    }
}

impl fmt::Display for EntryType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scalar => "scalar",
            Self::Simple => "simple",
            Self::Combined => "combined",
            Self::Error => "error",
            Self::Names => "names",
            Self::Empty => "empty",
            Self::Symlink => "symlink",
            Self::HistogramLog2 => "histogram_log2",
            Self::RingBuffer => "ring_buffer",
            Self::Gauge => "gauge",
            Self::Unknown(number) => return write!(f, "unknown ({number})"),
        })
    }
}

/// A named entry of the directory, as [`Stats::list`](crate::Stats::list) returns it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Entry {
    /// The position in the directory. VPP uses it again after the entry is removed.
    pub index: u32,
    /// The name. Bytes that are not UTF-8 are replaced.
    pub name: String,
    /// What the entry holds.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub entry_type: EntryType,
}
