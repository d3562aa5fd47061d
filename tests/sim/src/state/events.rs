//! What happened to interfaces and has not been told yet, and who wants to know.

use std::collections::BTreeMap;

use vpp_wire::VppError;

use super::Outcome;

/// What happened to one interface between two runs of VPP's event process.
///
/// It says only what happened, not how the interface is: an interface that was
/// created and set up has `admin_up`, one that was set down has nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Change {
    /// It was set up.
    pub admin_up: bool,
    /// Its link came up.
    pub link_up: bool,
    /// It was deleted.
    pub deleted: bool,
}

impl Change {
    /// Created, or anything going down.
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

/// One client that wants interface events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watcher {
    /// As in the request.
    pub client_index: u32,
    /// As in the request; echoed in every event.
    pub pid: u32,
}

/// Changes not told yet, by interface; changes of one interface become one event.
#[derive(Debug, Default)]
pub struct Events {
    pending: BTreeMap<u32, Change>,
    watchers: Vec<Watcher>,
}

impl Events {
    /// Notes a change.
    pub fn record(&mut self, sw_if_index: u32, change: Change) {
        let pending = self.pending.entry(sw_if_index).or_default();
        pending.admin_up |= change.admin_up;
        pending.link_up |= change.link_up;
        pending.deleted |= change.deleted;
    }

    /// Whether there is anything to tell.
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// What there is to tell, by ascending interface.
    pub fn take(&mut self) -> BTreeMap<u32, Change> {
        std::mem::take(&mut self.pending)
    }

    /// Who wants to know.
    pub fn watchers(&self) -> &[Watcher] {
        &self.watchers
    }

    /// `want_interface_events`: twice on or twice off is an error.
    pub fn want(&mut self, client_index: u32, enable: bool, pid: u32) -> Outcome {
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

    /// Forgets a client that is gone.
    pub fn forget(&mut self, client_index: u32) {
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
        let up = Change {
            admin_up: true,
            ..Change::PLAIN
        };
        let deleted = Change {
            deleted: true,
            ..Change::PLAIN
        };
        events.record(5, Change::PLAIN);
        events.record(2, up);
        events.record(2, deleted);
        let taken: Vec<_> = events.take().into_iter().collect();
        let both = Change {
            admin_up: true,
            deleted: true,
            ..Change::PLAIN
        };
        assert_eq!(taken, [(2, both), (5, Change::PLAIN)]);
        assert!(events.is_empty());
    }

    #[test]
    fn wanting_twice_and_leaving_twice_are_errors() {
        let mut events = Events::default();
        assert_eq!(events.want(1, true, 7), Ok(()));
        assert_eq!(events.want(1, true, 7), Err(VppError::INVALID_REGISTRATION));
        assert_eq!(events.want(1, false, 7), Ok(()));
        assert_eq!(
            events.want(1, false, 7),
            Err(VppError::INVALID_REGISTRATION)
        );
    }
}
