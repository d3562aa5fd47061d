//! Pending interface events, and the clients that registered for them.

use std::collections::BTreeMap;

use vpp_wire::VppError;

use super::Outcome;

/// The changes of one interface between two runs of VPP's event process.
///
/// It contains changes, not the state: an interface that was created and set up has
/// `admin_up`, and one that was set down has no flag.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InterfaceChange {
    /// It was set up.
    pub admin_up: bool,
    /// Its link came up.
    pub link_up: bool,
    /// It was deleted.
    pub deleted: bool,
}

impl InterfaceChange {
    /// A creation, or a link or admin state that went down.
    pub const PLAIN: Self = Self {
        admin_up: false,
        link_up: false,
        deleted: false,
    };

    /// The event's flags: 1 for admin up, 2 for link up.
    #[must_use]
    pub fn flags(self) -> u32 {
        u32::from(self.admin_up) | u32::from(self.link_up) << 1
    }
}

/// A client that registered for interface events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watcher {
    /// The `client_index` of its request.
    pub client_index: u32,
    /// The `pid` of its request, which every event repeats.
    pub pid: u32,
}

/// Pending changes by interface. All changes of one interface become one event.
#[derive(Debug, Default)]
pub struct Events {
    pending: BTreeMap<u32, InterfaceChange>,
    watchers: Vec<Watcher>,
}

impl Events {
    /// Adds a change.
    pub fn record(&mut self, sw_if_index: u32, change: InterfaceChange) {
        let pending = self.pending.entry(sw_if_index).or_default();
        pending.admin_up |= change.admin_up;
        pending.link_up |= change.link_up;
        pending.deleted |= change.deleted;
    }

    /// Whether no event is pending.
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// Takes the pending changes, by ascending interface index.
    pub fn take(&mut self) -> BTreeMap<u32, InterfaceChange> {
        std::mem::take(&mut self.pending)
    }

    /// The registered clients.
    pub fn watchers(&self) -> &[Watcher] {
        &self.watchers
    }

    /// `want_interface_events`. Registering or unregistering twice is an error.
    pub fn register(&mut self, client_index: u32, enable: bool, pid: u32) -> Outcome {
        let known = self
            .watchers
            .iter()
            .position(|watcher| watcher.client_index == client_index);
        match (known, enable) {
            (None, true) => self.watchers.push(Watcher { client_index, pid }),
            (Some(at), false) => drop(self.watchers.remove(at)),
            _ => return Err(VppError::INVALID_REGISTRATION),
        }
        Ok(())
    }

    /// Removes a client that has disconnected.
    pub fn remove_client(&mut self, client_index: u32) {
        self.watchers
            .retain(|watcher| watcher.client_index != client_index);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_of_one_interface_become_one_event() {
        let mut events = Events::default();
        let up = InterfaceChange {
            admin_up: true,
            ..InterfaceChange::PLAIN
        };
        let deleted = InterfaceChange {
            deleted: true,
            ..InterfaceChange::PLAIN
        };
        events.record(5, InterfaceChange::PLAIN);
        events.record(2, up);
        events.record(2, deleted);
        let taken: Vec<_> = events.take().into_iter().collect();
        let both = InterfaceChange {
            admin_up: true,
            deleted: true,
            ..InterfaceChange::PLAIN
        };
        assert_eq!(taken, [(2, both), (5, InterfaceChange::PLAIN)]);
        assert!(events.is_empty());
    }

    #[test]
    fn registering_or_unregistering_twice_is_an_error() {
        let mut events = Events::default();
        assert_eq!(events.register(1, true, 7), Ok(()));
        assert_eq!(
            events.register(1, true, 7),
            Err(VppError::INVALID_REGISTRATION)
        );
        assert_eq!(events.register(1, false, 7), Ok(()));
        assert_eq!(
            events.register(1, false, 7),
            Err(VppError::INVALID_REGISTRATION)
        );
    }
}
