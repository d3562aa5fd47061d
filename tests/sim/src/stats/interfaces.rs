//! The entries of interfaces (`vnet/interface/stats.c`).

use super::directory::Kind;
use super::heap::Full;
use super::interface_counter::InterfaceCounter;
use super::names::Names;
use super::table::{Place, Table};

/// The number of counters of an interface.
const COUNTERS: usize = InterfaceCounter::ALL.len();

/// The name in `/if/names` of an interface that was deleted.
const DELETED: &str = "deleted";

/// `/if/names`, the counters in `/if`, and the symlinks in `/interfaces`.
#[derive(Debug)]
pub(super) struct Interfaces {
    counters: [Option<u32>; COUNTERS],
    names: Option<Names>,
    /// The symlinks of each interface that exists.
    symlinks: Vec<Option<Vec<u32>>>,
}

impl Interfaces {
    /// Adds the counters without columns, and no name.
    ///
    /// # Errors
    /// If the segment is full.
    pub(super) fn add_to(table: &mut Table) -> Result<Self, Full> {
        let mut counters = [None; COUNTERS];
        for (entry, counter) in counters.iter_mut().zip(InterfaceCounter::ALL) {
            let kind = if counter.has_bytes() {
                Kind::Combined
            } else {
                Kind::Simple
            };
            let name = format!("/if/{}", counter.name());
            *entry = table.add_counter(&name, kind, 0, 0)?;
        }
        Ok(Self {
            counters,
            names: table.add_names("/if/names")?,
            symlinks: Vec::new(),
        })
    }

    /// Adds an interface with cleared counters.
    ///
    /// # Errors
    /// If the segment is full.
    pub(super) fn create(
        &mut self,
        table: &mut Table,
        sw_if_index: u32,
        name: &str,
    ) -> Result<(), Full> {
        for entry in self.counters.into_iter().flatten() {
            table.reserve_column(entry, sw_if_index)?;
        }
        if let Some(names) = &mut self.names {
            table.set_name(names, sw_if_index, name)?;
        }
        let folder = format!("/interfaces/{}", name.replace('/', "_"));
        let mut symlinks = Vec::with_capacity(COUNTERS);
        for (entry, counter) in self.counters.iter().zip(InterfaceCounter::ALL) {
            if let Some(entry) = entry {
                let name = format!("{folder}/{}", counter.name());
                symlinks.extend(table.add_symlink(&name, *entry, sw_if_index)?);
            }
        }
        let index = sw_if_index as usize;
        if self.symlinks.len() <= index {
            self.symlinks.resize(index + 1, None);
        }
        self.symlinks[index] = Some(symlinks);
        Ok(())
    }

    /// Removes the symlinks of an interface. Its counters keep their values, as in VPP.
    ///
    /// # Errors
    /// If the segment is full.
    pub(super) fn delete(&mut self, table: &mut Table, sw_if_index: u32) -> Result<(), Full> {
        let symlinks = self.symlinks.get_mut(sw_if_index as usize);
        let Some(symlinks) = symlinks.and_then(Option::take) else {
            return Ok(());
        };
        for entry in symlinks {
            table.remove(entry);
        }
        if let Some(names) = &mut self.names {
            table.set_name(names, sw_if_index, DELETED)?;
        }
        Ok(())
    }

    /// A counter of an interface that exists.
    pub(super) fn counter(
        &self,
        table: &Table,
        sw_if_index: u32,
        counter: InterfaceCounter,
    ) -> Option<Place> {
        self.symlinks.get(sw_if_index as usize)?.as_ref()?;
        let entry = self.counters.get(counter.position()).copied().flatten()?;
        table.column(entry, sw_if_index)
    }
}
