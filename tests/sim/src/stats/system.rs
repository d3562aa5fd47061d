//! The entries that exist without interfaces, in the order of a VPP with one thread.

use std::time::{Duration, SystemTime};

use super::directory::Kind;
use super::heap::Full;
use super::nodes::{ERRORS, NODE_COUNTERS, NODES};
use super::table::Table;
use crate::Release;

/// The entry of the segment's own memory.
const MEMORY: &str = "/mem/stat segment";

/// The columns of [`MEMORY`]: total, used, free, used by mmap, total of the allocator, free
/// chunks, releasable (`vlib/stats/provider_mem.c`).
const MEMORY_COLUMNS: usize = 7;

/// The symlinks to [`MEMORY`].
const MEMORY_LINKS: [(&str, u32); 3] = [("used", 1), ("total", 0), ("free", 2)];

/// The number of buffers of a VPP without configuration.
const BUFFERS: u64 = 16384;

/// Adds the entries that exist before those of interfaces.
pub(super) fn add(table: &mut Table, release: Release) -> Result<(), Full> {
    let boot = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    table.add_value("/sys/heartbeat", Kind::Scalar, 0)?;
    table.add_value("/sys/last_stats_clear", Kind::Scalar, 0)?;
    if release >= Release::V23_02 {
        let boot = boot.unwrap_or_default().as_secs();
        table.add_value("/sys/boottime", Kind::Scalar, boot)?;
    }
    if let Some(entry) = table.add_counter(MEMORY, Kind::Simple, 1, MEMORY_COLUMNS)? {
        for (name, column) in MEMORY_LINKS {
            table.add_symlink(&format!("{MEMORY}/{name}"), entry, column)?;
        }
    }
    table.add_value("/sys/vector_rate", Kind::Gauge, 0)?;
    for name in ["/sys/vector_rate_per_worker", "/sys/loops_per_worker"] {
        table.add_counter(name, Kind::Simple, 1, 2)?;
    }
    for (name, value) in [("cached", 0), ("used", 0), ("available", BUFFERS)] {
        let name = format!("/buffer-pools/default-numa-0/{name}");
        table.add_value(&name, Kind::Gauge, value)?;
    }
    table.add_value("/sys/num_worker_threads", Kind::Gauge, 0)?;
    add_errors(table)?;
    table.add_value("/sys/last_update", Kind::Scalar, 0)?;
    table.add_value("/sys/input_rate", Kind::Gauge, 0)?;
    Ok(())
}

fn add_errors(table: &mut Table) -> Result<(), Full> {
    let names = ERRORS.iter().flat_map(|(node, errors)| {
        let errors = errors.iter();
        errors.map(move |error| format!("/err/{node}/{error}"))
    });
    let count = ERRORS.iter().map(|(_, errors)| errors.len()).sum();
    if let Some(entry) = table.add_counter("/node/errors", Kind::Simple, 1, count)? {
        for (column, name) in (0..).zip(names) {
            table.add_symlink(&name, entry, column)?;
        }
    }
    Ok(())
}

/// Adds the counters of nodes (`per-node-counters on`), which follow those of interfaces.
pub(super) fn add_nodes(table: &mut Table) -> Result<(), Full> {
    let Some(mut names) = table.add_names("/sys/node/names")? else {
        return Ok(());
    };
    let mut entries = Vec::new();
    for counter in NODE_COUNTERS {
        // VPP adds one row more than it has threads.
        let name = format!("/sys/node/{counter}");
        let entry = table.add_counter(&name, Kind::Simple, 2, NODES.len())?;
        entries.push((counter, entry));
    }
    for (index, node) in (0..).zip(NODES) {
        table.set_name(&mut names, index, node)?;
        for (counter, entry) in &entries {
            if let Some(entry) = entry {
                table.add_symlink(&format!("/nodes/{node}/{counter}"), *entry, index)?;
            }
        }
    }
    Ok(())
}

/// The values that VPP's collectors change, with the offset of each.
pub(super) fn collect(table: &mut Table, uptime: Duration) -> Vec<(usize, u64)> {
    let (used, total) = table.usage();
    let (used, total) = (used as u64, total as u64);
    let free = total - used;
    let mut values = Vec::new();
    if let Some(entry) = table.find(MEMORY) {
        let columns = [total, used, free, 0, total, 0, free];
        for (column, value) in (0..).zip(columns) {
            let place = table.column(entry, column);
            values.extend(place.map(|place| (place.packets, value)));
        }
    }
    if let Ok(place) = table.value("/sys/last_update") {
        values.push((place.packets, uptime.as_secs()));
    }
    // The heartbeat is last, as in VPP: the other values belong to it.
    if let Ok(place) = table.value("/sys/heartbeat") {
        let beats = table.memory().u64(place.packets);
        values.push((place.packets, beats.wrapping_add(1)));
    }
    values
}
