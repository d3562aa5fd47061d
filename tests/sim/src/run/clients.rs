use std::sync::Arc;

use super::outbox::Outbox;
use crate::state::Pool;

/// The bit of `client_index` that marks a client of the socket instead of shared memory.
const SOCKET_CLIENT: u32 = 0x8000_0000;

/// One connection. As in VPP, it is registered when it is accepted.
#[derive(Debug)]
pub(crate) struct Client {
    /// The bytes to send to it.
    pub(crate) outbox: Arc<Outbox>,
    /// The name in its last `sockclnt_create`.
    pub(crate) name: String,
    /// The process that connected.
    pub(crate) pid: Option<i32>,
    /// Whether a fault has already delayed its next frame.
    pub(crate) is_delayed: bool,
}

/// The connections by slot. Slot 0 is the listener.
#[derive(Debug)]
pub(crate) struct Clients {
    slots: Pool<Option<Client>>,
}

impl Default for Clients {
    fn default() -> Self {
        let mut slots = Pool::default();
        slots.insert(None);
        Self { slots }
    }
}

impl Clients {
    /// Registers a connection and returns its slot.
    pub(crate) fn add(&mut self, outbox: Arc<Outbox>, pid: Option<i32>) -> u32 {
        self.slots.insert(Some(Client {
            outbox,
            name: String::new(),
            pid,
            is_delayed: false,
        }))
    }

    /// Frees the slot of a connection if the connection still owns it.
    pub(crate) fn remove(&mut self, slot: u32, outbox: &Arc<Outbox>) -> bool {
        let own = self
            .get(slot)
            .is_some_and(|client| Arc::ptr_eq(&client.outbox, outbox));
        own && self.slots.remove(slot).is_some()
    }

    /// Frees the slot of a client that unregistered.
    pub(crate) fn free(&mut self, slot: u32) {
        if self.get(slot).is_some() {
            self.slots.remove(slot);
        }
    }

    /// The connection in a slot.
    pub(crate) fn get(&self, slot: u32) -> Option<&Client> {
        self.slots.get(slot)?.as_ref()
    }

    /// The connection in a slot.
    pub(crate) fn get_mut(&mut self, slot: u32) -> Option<&mut Client> {
        self.slots.get_mut(slot)?.as_mut()
    }

    /// The connections.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Client> {
        self.slots.values().flatten()
    }

    /// The outbox for replies to `client_index`. It depends on the slot only, not on the
    /// sender of the request.
    ///
    /// There are no shared-memory clients, so an index without bit 31 gets no reply.
    pub(crate) fn resolve(&self, client_index: u32) -> Option<&Arc<Outbox>> {
        let slot = client_index.checked_sub(SOCKET_CLIENT)?;
        Some(&self.get(slot)?.outbox)
    }

    /// The `client_index` of a slot.
    pub(crate) fn index_of(slot: u32) -> u32 {
        SOCKET_CLIENT | slot
    }

    /// The slot of the `index` in `sockclnt_delete`.
    pub(crate) fn slot_of(client_index: u32) -> u32 {
        client_index & !SOCKET_CLIENT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_go_to_the_slot_in_the_index() {
        let mut clients = Clients::default();
        let outbox = Arc::new(Outbox::default());
        assert_eq!(clients.add(outbox.clone(), None), 1);
        assert!(clients.resolve(0x8000_0001).is_some());
        for absent in [0, 1, 0x8000_0000, 0x8000_0002] {
            assert!(clients.resolve(absent).is_none(), "{absent:#x}");
        }
        assert!(!clients.remove(1, &Arc::new(Outbox::default())));
        assert!(clients.remove(1, &outbox));
        assert_eq!(clients.add(outbox, None), 1);
    }
}
