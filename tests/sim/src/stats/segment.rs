//! The segment of one run of VPP.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::Instant;

use super::error::StatsError;
use super::heap::Full;
use super::interface_counter::InterfaceCounter;
use super::interfaces::Interfaces;
use super::memory::Memory;
use super::system;
use super::table::{Place, Table};
use crate::Release;

/// The smallest size in bytes that holds all entries and a few interfaces.
const MIN_SIZE: usize = 128 << 10;

/// The largest size in bytes. Offsets of files are signed.
const MAX_SIZE: usize = isize::MAX as usize;

/// How a value changes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Change {
    /// Replaces the value.
    Set,
    /// Adds to the value, modulo 2⁶⁴.
    Add,
}

/// The segment of one run. After an error it no longer changes, but remains readable: the
/// changes that it has collected are dropped before they reach clients.
#[derive(Debug)]
pub(super) struct Segment {
    table: Table,
    interfaces: Interfaces,
    started: Instant,
    failure: Option<String>,
}

impl Segment {
    /// Creates a segment without interfaces, and runs the collectors once.
    ///
    /// # Errors
    /// If the size is too small or too large, or the kernel refuses the memory.
    pub(super) fn new(release: Release, size: usize) -> io::Result<Self> {
        if !(MIN_SIZE..=MAX_SIZE).contains(&size) {
            let text = format!(
                "a stats segment of {size} bytes is out of range ({MIN_SIZE} to {MAX_SIZE})"
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let mut table = Table::new(Memory::new(size)?, release >= Release::V26_02);
        let interfaces =
            fill(&mut table, release).map_err(|full| io::Error::other(text_of(full)))?;
        table.memory().commit()?;
        let mut segment = Self {
            table,
            interfaces,
            started: Instant::now(),
            failure: None,
        };
        segment.collect();
        Ok(segment)
    }

    /// The descriptor that clients get.
    pub(super) fn memfd(&mut self) -> Arc<OwnedFd> {
        self.table.memory().memfd()
    }

    /// The bytes in use.
    #[cfg(test)]
    pub(super) fn used(&self) -> usize {
        self.table.usage().0
    }

    /// Adds an interface.
    pub(super) fn add_interface(&mut self, sw_if_index: u32, name: &str) {
        self.update(|table, interfaces| interfaces.create(table, sw_if_index, name));
    }

    /// Removes an interface.
    pub(super) fn remove_interface(&mut self, sw_if_index: u32) {
        self.update(|table, interfaces| interfaces.delete(table, sw_if_index));
    }

    /// Runs the collectors and increments the heartbeat.
    pub(super) fn collect(&mut self) {
        if self.failure.is_some() {
            return;
        }
        for (offset, value) in system::collect(&mut self.table, self.started.elapsed()) {
            let written = self.table.memory().write_value(offset, value);
            self.stop_after(written);
        }
    }

    /// Changes a counter of an interface.
    pub(super) fn change_interface(
        &mut self,
        sw_if_index: u32,
        counter: InterfaceCounter,
        change: Change,
        packets: u64,
        bytes: u64,
    ) -> Result<(), StatsError> {
        let place = self.interfaces.counter(&self.table, sw_if_index, counter);
        let place = place.ok_or(StatsError::UnknownInterface(sw_if_index))?;
        self.change(counter.name(), place, change, packets, bytes)
    }

    /// Changes a scalar, a gauge, or the column that a symlink points to.
    pub(super) fn change_value(
        &mut self,
        name: &str,
        change: Change,
        packets: u64,
        bytes: u64,
    ) -> Result<(), StatsError> {
        let place = self.table.value(name)?;
        self.change(name, place, change, packets, bytes)
    }

    /// Increments the epoch without a change.
    pub(super) fn bump_epoch(&mut self) {
        self.update(|_, _| Ok(()));
    }

    /// Makes VPP appear to be within an update, or ends that.
    pub(super) fn set_in_progress(&mut self, in_progress: bool) {
        if self.failure.is_none() {
            let written = self.table.memory().set_stuck(in_progress);
            self.stop_after(written);
        }
    }

    /// Stops all changes. Only the first reason is logged.
    pub(super) fn stop(&mut self, reason: String) {
        if self.failure.is_none() {
            tracing::error!(reason, "the stats segment no longer changes");
            self.failure = Some(reason);
        }
    }

    fn change(
        &mut self,
        name: &str,
        place: Place,
        change: Change,
        packets: u64,
        bytes: u64,
    ) -> Result<(), StatsError> {
        if place.bytes.is_none() && bytes != 0 {
            return Err(StatsError::NoBytes(name.to_owned()));
        }
        let values = [(Some(place.packets), packets), (place.bytes, bytes)];
        for (offset, value) in values {
            let Some(offset) = offset else { continue };
            if self.failure.is_none() {
                let memory = self.table.memory();
                let value = match change {
                    Change::Set => value,
                    Change::Add => memory.u64(offset).wrapping_add(value),
                };
                let written = memory.write_value(offset, value);
                self.stop_after(written);
            }
        }
        match &self.failure {
            Some(reason) => Err(StatsError::Stopped(reason.clone())),
            None => Ok(()),
        }
    }

    /// Makes changes and commits them as one update.
    fn update(&mut self, change: impl FnOnce(&mut Table, &mut Interfaces) -> Result<(), Full>) {
        if self.failure.is_some() {
            return;
        }
        match change(&mut self.table, &mut self.interfaces) {
            Ok(()) => {
                let written = self.table.memory().commit();
                self.stop_after(written);
            }
            Err(full) => self.stop(text_of(full)),
        }
    }

    fn stop_after(&mut self, written: io::Result<()>) {
        if let Err(error) = written {
            self.stop(format!("the kernel refused a write: {error}"));
        }
    }
}

/// Adds all entries of a VPP without interfaces.
fn fill(table: &mut Table, release: Release) -> Result<Interfaces, Full> {
    system::add(table, release)?;
    let interfaces = Interfaces::add_to(table)?;
    system::add_nodes(table)?;
    Ok(interfaces)
}

fn text_of(full: Full) -> String {
    let Full { needed, size } = full;
    format!(
        "{size} bytes are too few, {needed} more are needed (a real VPP aborts): \
         configure a larger stats segment"
    )
}
