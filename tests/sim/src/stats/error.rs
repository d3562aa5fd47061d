//! Why a value was not changed.

use thiserror::Error;

/// Why a value of the stats segment was not changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StatsError {
    /// The segment has no counters for this interface.
    #[error("the stats segment has no counters for sw_if_index {0}: create the interface first")]
    UnknownInterface(u32),
    /// The segment has no entry of this name.
    #[error("the stats segment has no entry {0:?}: see the names that `vpp_get_stats ls` lists")]
    UnknownName(String),
    /// The entry has no single value.
    #[error("{0:?} is not a number of the stats segment: set a gauge, a scalar or a symlink")]
    NotANumber(String),
    /// The counter counts only packets.
    #[error("{0:?} counts packets and has no bytes")]
    NoBytes(String),
    /// The segment was full, or the kernel refused a write. The segment no longer changes.
    #[error("the stats segment no longer changes: {0}")]
    Stopped(String),
}
