//! The values of entries, in buffers that are used again.

pub(crate) mod counters;
mod histogram;
mod names;
mod ring;

pub use counters::{Combined, Counter, Counters};
pub use histogram::{Bin, Histogram};
pub use names::Names;
pub(crate) use ring::RingThread;
pub use ring::{Record, Ring};

use crate::error::Fault;

/// The value of an entry.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(
    feature = "serde",
    serde(tag = "type", content = "value", rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum Value {
    /// The entry does not exist, or its type has no value.
    Missing,
    /// One number. Times are in seconds.
    Scalar(u64),
    /// One number of VPP before 22.06.
    Float(f64),
    /// One number that rises and falls.
    Gauge(u64),
    /// One number per row and index.
    Simple(Counters<u64>),
    /// Packets and bytes per row and index.
    Combined(Counters<Combined>),
    /// A name per index.
    Names(Names),
    /// A histogram per thread.
    HistogramLog2(Histogram),
    /// A ring of records per thread.
    RingBuffer(Ring),
    /// The segment is damaged here.
    Invalid(Fault),
}

impl Value {
    /// The number of a scalar or gauge.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "as VPP since 22.06 converts its own floating-point numbers"
    )]
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Scalar(value) | Self::Gauge(value) => Some(*value),
            Self::Float(value) => Some(*value as u64),
            _ => None,
        }
    }

    /// The counters of a simple entry.
    #[must_use]
    pub fn as_simple(&self) -> Option<&Counters<u64>> {
        match self {
            Self::Simple(counters) => Some(counters),
            _ => None,
        }
    }

    /// The counters of a combined entry.
    #[must_use]
    pub fn as_combined(&self) -> Option<&Counters<Combined>> {
        match self {
            Self::Combined(counters) => Some(counters),
            _ => None,
        }
    }

    /// The names of an entry of names.
    #[must_use]
    pub fn as_names(&self) -> Option<&Names> {
        match self {
            Self::Names(names) => Some(names),
            _ => None,
        }
    }
}
