//! FIB tables.

use std::collections::HashMap;

use vpp_wire::VppError;

use super::fib::Fib;
use super::{Outcome, Pool, VppState};

/// One FIB table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its id.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Whether the API keeps it. Otherwise it is deleted with its last interface.
    pub(super) locked: bool,
    /// The number of interfaces in it.
    interfaces: usize,
}

/// The tables of one family.
#[derive(Debug, Default)]
struct Family {
    tables: Pool<Table>,
    slots: HashMap<u32, u32>,
    /// Routes by slot. A reused slot still has the routes of the previous table.
    fibs: Vec<Fib>,
}

/// The tables of IPv4 and of IPv6.
#[derive(Debug)]
pub struct Tables([Family; 2]);

impl Default for Tables {
    fn default() -> Self {
        let mut tables = Self([Family::default(), Family::default()]);
        for is_ipv6 in [false, true] {
            tables.family_mut(is_ipv6).insert(is_ipv6, 0, "");
        }
        tables
    }
}

impl Tables {
    fn family(&self, is_ipv6: bool) -> &Family {
        &self.0[usize::from(is_ipv6)]
    }

    fn family_mut(&mut self, is_ipv6: bool) -> &mut Family {
        &mut self.0[usize::from(is_ipv6)]
    }
}

impl Family {
    fn insert(&mut self, is_ipv6: bool, id: u32, name: &str) {
        let name = match name {
            "" => default_name(is_ipv6, id),
            name => name.to_owned(),
        };
        let slot = self.tables.insert(Table {
            id,
            name,
            locked: true,
            interfaces: 0,
        });
        self.slots.insert(id, slot);
        if self.fibs.len() <= slot as usize {
            self.fibs.push(Fib::new(is_ipv6));
        }
        if let Some(fib) = self.fibs.get_mut(slot as usize) {
            fib.table_id = id;
        }
    }

    fn get_mut(&mut self, id: u32) -> Option<&mut Table> {
        self.tables.get_mut(*self.slots.get(&id)?)
    }

    /// Removes a table that neither the API nor an interface uses.
    fn remove_unused(&mut self, id: u32) {
        let unused = |table: &&mut Table| !table.locked && table.interfaces == 0;
        if self.get_mut(id).filter(unused).is_some()
            && let Some(slot) = self.slots.remove(&id)
        {
            self.tables.remove(slot);
        }
    }
}

fn default_name(is_ipv6: bool, id: u32) -> String {
    let family = if is_ipv6 { "ipv6" } else { "ipv4" };
    format!("{family}-VRF:{id}")
}

impl VppState {
    /// The tables of one family.
    pub fn tables(&self, is_ipv6: bool) -> impl Iterator<Item = &Table> {
        self.tables.family(is_ipv6).tables.values()
    }

    /// Whether a table exists.
    pub(crate) fn has_table(&self, is_ipv6: bool, id: u32) -> bool {
        self.table_slot(is_ipv6, id).is_some()
    }

    /// The slot of a table.
    pub(super) fn table_slot(&self, is_ipv6: bool, id: u32) -> Option<u32> {
        self.tables.family(is_ipv6).slots.get(&id).copied()
    }

    /// The routes of a table.
    pub(super) fn fib(&self, is_ipv6: bool, id: u32) -> Option<&Fib> {
        self.fib_in(is_ipv6, self.table_slot(is_ipv6, id)?)
    }

    /// The routes in a slot, even if its table is deleted.
    pub(super) fn fib_in(&self, is_ipv6: bool, slot: u32) -> Option<&Fib> {
        self.tables.family(is_ipv6).fibs.get(slot as usize)
    }

    /// The routes of all slots of one family.
    pub(super) fn fibs(&self, is_ipv6: bool) -> impl Iterator<Item = (u32, &Fib)> {
        (0..).zip(&self.tables.family(is_ipv6).fibs)
    }

    /// The routes of a table.
    pub(super) fn fib_mut(&mut self, is_ipv6: bool, id: u32) -> Option<&mut Fib> {
        let slot = self.table_slot(is_ipv6, id)?;
        self.tables.family_mut(is_ipv6).fibs.get_mut(slot as usize)
    }

    /// Adds a table, or keeps an existing one. Table 0 does not change.
    pub(crate) fn add_table(&mut self, is_ipv6: bool, id: u32, name: &str) {
        let family = self.tables.family_mut(is_ipv6);
        match family.get_mut(id) {
            Some(table) => table.locked = true,
            None => family.insert(is_ipv6, id, name),
        }
    }

    /// Deletes a table as soon as it contains no interface. Does nothing if it is missing.
    pub(crate) fn delete_table(&mut self, is_ipv6: bool, id: u32) {
        let family = self.tables.family_mut(is_ipv6);
        if let Some(table) = family.get_mut(id).filter(|_| id != 0) {
            table.locked = false;
            family.remove_unused(id);
        }
    }

    /// A free table id, for `ip_table_allocate` with id ~0.
    pub(crate) fn unused_table_id(&mut self) -> u32 {
        loop {
            let id = self.table_ids.next();
            let mut slots = [false, true]
                .map(|is_ipv6| self.table_slot(is_ipv6, id))
                .into_iter();
            if id != u32::MAX && !slots.any(|slot| slot.is_some()) {
                return id;
            }
        }
    }

    /// `sw_interface_set_table`. Fails if the interface has or borrows addresses, even if the
    /// table stays the same.
    pub(crate) fn set_table(&mut self, sw_if_index: u32, is_ipv6: bool, id: u32) -> Outcome {
        let family = usize::from(is_ipv6);
        let interface = self.interface(sw_if_index)?;
        let borrows = interface.unnumbered.is_some_and(|it| it.borrows[family]);
        if self.table_slot(is_ipv6, id).is_none() {
            return Err(VppError::NO_SUCH_FIB);
        }
        if borrows || self.addresses(sw_if_index, is_ipv6).next().is_some() {
            return Err(VppError::ADDRESS_FOUND_FOR_INTERFACE);
        }
        let old = std::mem::replace(&mut self.interface_mut(sw_if_index)?.tables[family], id);
        self.enter_table(is_ipv6, id);
        self.leave_table(is_ipv6, old);
        Ok(())
    }

    /// Counts an interface that enters a table.
    pub(super) fn enter_table(&mut self, is_ipv6: bool, id: u32) {
        if let Some(table) = self.tables.family_mut(is_ipv6).get_mut(id) {
            table.interfaces += 1;
        }
    }

    /// Counts an interface that leaves a table, and removes the table if it is unused.
    pub(super) fn leave_table(&mut self, is_ipv6: bool, id: u32) {
        let family = self.tables.family_mut(is_ipv6);
        if let Some(table) = family.get_mut(id) {
            table.interfaces = table.interfaces.saturating_sub(1);
        }
        family.remove_unused(id);
    }
}
