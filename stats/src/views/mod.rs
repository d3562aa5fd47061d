//! Typed views of VPP's own counters: interfaces, nodes, errors, buffers, heaps and the system.
//!
//! A view is a prepared query. `read` reads it again and returns the rows; their memory is used
//! again.
//!
//! ```no_run
//! use vpp_stats::Stats;
//! use vpp_stats::views::Interfaces;
//!
//! # fn example() -> vpp_stats::Result<()> {
//! let mut stats = Stats::connect(vpp_stats::DEFAULT_SOCKET)?;
//! let mut interfaces = Interfaces::new();
//! for interface in interfaces.read(&mut stats)? {
//!     println!("{} received {} packets", interface.name, interface.rx.packets);
//! }
//! # Ok(())
//! # }
//! ```

mod buffers;
mod errors;
mod interfaces;
mod memory;
mod nodes;
mod system;

pub use buffers::{BufferPool, Buffers};
pub use errors::{ErrorCounter, Errors};
pub use interfaces::{Interface, Interfaces};
pub use memory::{Heap, Heaps};
pub use nodes::{Node, Nodes};
pub use system::{System, SystemCounters};

use crate::error::Result;
use crate::query::Query;
use crate::selection::Selection;
use crate::stats::Stats;
use crate::value::{Combined, Value};

/// Reads the entries that match a pattern, with a query that is prepared the first time.
fn read_pattern<'q>(
    query: &'q mut Option<Query>,
    pattern: &str,
    stats: &mut Stats,
) -> Result<&'q Query> {
    let query = match query {
        Some(query) => query,
        none => none.insert(Query::new(Selection::patterns([pattern])?)),
    };
    stats.read(query)?;
    Ok(query)
}

/// The sum of all threads at an index of a simple entry, 0 if VPP does not count it.
fn sum(value: &Value, index: usize) -> u64 {
    value.as_simple().map_or(0, |it| it.sum(index))
}

/// The sum of all threads at an index of a combined entry, 0 if VPP does not count it.
fn sum_combined(value: &Value, index: usize) -> Combined {
    value
        .as_combined()
        .map_or(Combined::default(), |it| it.sum(index))
}
