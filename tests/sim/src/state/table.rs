//! FIB tables.

use vpp_wire::VppError;

use super::{Outcome, Pool, State};

/// One FIB table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its id.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Whether the API keeps it; without, it goes with its last interface.
    pub(super) locked: bool,
}

/// The tables of IPv4 and of IPv6.
#[derive(Debug)]
pub struct Tables([Pool<Table>; 2]);

impl Default for Tables {
    fn default() -> Self {
        let mut tables = Self([Pool::default(), Pool::default()]);
        for is_ipv6 in [false, true] {
            tables.family_mut(is_ipv6).insert(Table {
                id: 0,
                name: default_name(is_ipv6, 0),
                locked: true,
            });
        }
        tables
    }
}

impl Tables {
    fn family(&self, is_ipv6: bool) -> &Pool<Table> {
        &self.0[usize::from(is_ipv6)]
    }

    fn family_mut(&mut self, is_ipv6: bool) -> &mut Pool<Table> {
        &mut self.0[usize::from(is_ipv6)]
    }
}

fn default_name(is_ipv6: bool, id: u32) -> String {
    let family = if is_ipv6 { "ipv6" } else { "ipv4" };
    format!("{family}-VRF:{id}")
}

impl State {
    /// The tables of one family.
    pub fn tables(&self, is_ipv6: bool) -> impl Iterator<Item = &Table> {
        self.tables.family(is_ipv6).values()
    }

    /// Adds a table or keeps the one that is there; table 0 is left alone.
    pub(crate) fn add_table(&mut self, is_ipv6: bool, id: u32, name: &str) {
        if id == 0 {
            return;
        }
        let tables = self.tables.family_mut(is_ipv6);
        if let Some(table) = tables.values_mut().find(|table| table.id == id) {
            table.locked = true;
            return;
        }
        let name = match name {
            "" => default_name(is_ipv6, id),
            name => name.to_owned(),
        };
        tables.insert(Table {
            id,
            name,
            locked: true,
        });
    }

    /// Releases a table, if it is there; it goes when no interface is in it.
    pub(crate) fn delete_table(&mut self, is_ipv6: bool, id: u32) {
        for table in self.tables.family_mut(is_ipv6).values_mut() {
            table.locked &= table.id != id || id == 0;
        }
        self.reap_tables();
    }

    /// A table id that is free, for `ip_table_allocate` with id ~0.
    pub(crate) fn unused_table_id(&mut self) -> u32 {
        loop {
            let id = self.table_ids.next();
            let taken = [false, true]
                .iter()
                .any(|is_ipv6| self.tables(*is_ipv6).any(|table| table.id == id));
            if id != u32::MAX && !taken {
                return id;
            }
        }
    }

    /// `sw_interface_set_table`: an interface with addresses cannot move, not even nowhere.
    pub(crate) fn set_table(&mut self, sw_if_index: u32, is_ipv6: bool, id: u32) -> Outcome {
        self.interface(sw_if_index)?;
        if !self.tables(is_ipv6).any(|table| table.id == id) {
            return Err(VppError::NO_SUCH_FIB);
        }
        if self.addresses(sw_if_index, is_ipv6).next().is_some() {
            return Err(VppError::ADDRESS_FOUND_FOR_INTERFACE);
        }
        self.interface_mut(sw_if_index)?.tables[usize::from(is_ipv6)] = id;
        self.reap_tables();
        Ok(())
    }

    /// Removes the tables that neither the API nor an interface keeps.
    pub(super) fn reap_tables(&mut self) {
        for is_ipv6 in [false, true] {
            let family = usize::from(is_ipv6);
            let interfaces = &self.interfaces;
            let bound = |id| interfaces.values().any(|it| it.tables[family] == id);
            let tables = self.tables.family_mut(is_ipv6);
            let unused: Vec<u32> = tables
                .iter()
                .filter(|(_, table)| !table.locked && !bound(table.id))
                .map(|(slot, _)| slot)
                .collect();
            for slot in unused {
                tables.remove(slot);
            }
        }
    }
}
