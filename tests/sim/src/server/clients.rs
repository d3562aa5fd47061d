use std::sync::Arc;

use super::Outbox;
use crate::state::Pool;

/// Marks a client of the socket, and not of shared memory, in `client_index`.
const SOCKET_CLIENT: u32 = 0x8000_0000;

/// One connection, registered when it is accepted as in VPP.
#[derive(Debug)]
pub(crate) struct Client {
    /// What is to be sent to it.
    pub(crate) outbox: Arc<Outbox>,
    /// What it called itself last.
    pub(crate) name: String,
    /// The process that connected.
    pub(crate) pid: Option<i32>,
    /// Whether its next frame has had its delay.
    pub(crate) resumed: bool,
}

/// The connections by slot; slot 0 is the listener.
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
    /// Registers a connection and gives its slot.
    pub(crate) fn add(&mut self, outbox: Arc<Outbox>, pid: Option<i32>) -> u32 {
        self.slots.insert(Some(Client {
            outbox,
            name: String::new(),
            pid,
            resumed: false,
        }))
    }

    /// Frees the slot of a connection, if it still is that connection's.
    pub(crate) fn remove(&mut self, slot: u32, outbox: &Arc<Outbox>) -> bool {
        let own = self
            .get(slot)
            .is_some_and(|client| Arc::ptr_eq(&client.outbox, outbox));
        own && self.slots.remove(slot).is_some()
    }

    /// Frees the slot of a connection that takes leave.
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

    /// Where an answer to `client_index` goes: to that slot, whoever sent the request.
    ///
    /// There are no shared-memory clients, so an index without bit 31 has no answer.
    pub(crate) fn resolve(&self, client_index: u32) -> Option<&Arc<Outbox>> {
        let slot = client_index.checked_sub(SOCKET_CLIENT)?;
        Some(&self.get(slot)?.outbox)
    }

    /// The `client_index` of a slot.
    pub(crate) fn index_of(slot: u32) -> u32 {
        SOCKET_CLIENT | slot
    }

    /// The slot that `sockclnt_delete` means.
    pub(crate) fn slot_of(client_index: u32) -> u32 {
        client_index & !SOCKET_CLIENT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_go_to_the_slot_that_the_index_names() {
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
