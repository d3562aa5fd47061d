//! The stats segment: the counters that VPP shares with other processes.
//!
//! [`SimBuilder::stats_socket`](crate::SimBuilder::stats_socket) configures it, and
//! [`Sim::stats`](crate::Sim::stats) returns it.
//!
//! | names | content |
//! |---|---|
//! | `/sys/heartbeat` | the number of update intervals |
//! | `/sys/boottime`, `/sys/last_update` | as VPP's |
//! | `/sys/last_stats_clear`, `/sys/vector_rate`, `/sys/vector_rate_per_worker`, `/sys/loops_per_worker`, `/sys/input_rate`, `/sys/num_worker_threads` | 0 |
//! | `/mem/stat segment` and its symlinks | the segment's own memory |
//! | `/buffer-pools/default-numa-0/*` | those of a VPP without traffic |
//! | `/if/names`, `/if/*`, `/interfaces/*` | all interfaces, with one row for the only thread |
//! | `/node/errors`, `/err/*` | some nodes and their errors |
//! | `/sys/node/*`, `/nodes/*` | the same nodes, as with `per-node-counters on` |
//!
//! As in VPP, a renamed interface keeps its name in the segment, a deleted one is named
//! `deleted` until its index is used again, and an interface whose name differs from another
//! only by `/` and `_` has no symlinks.

mod counter;
mod directory;
mod error;
mod handle;
mod heap;
mod interface_counter;
mod interfaces;
mod memory;
mod names;
mod nodes;
mod segment;
mod server;
mod signals;
mod socket;
mod system;
mod table;
#[cfg(test)]
mod tests;
mod vector;

pub use error::StatsError;
pub use handle::Stats;
pub use interface_counter::InterfaceCounter;

pub(crate) use server::StatsServer;
