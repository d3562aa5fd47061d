//! Sends events to the clients that registered for them.

use vpp_wire::frame::{self, MAX_PAYLOAD};
use vpp_wire::{Header, Message};

use super::core::Core;
use crate::handlers::interface_event;

impl Core {
    /// Sends the pending events to all registered clients.
    pub(crate) fn send_events(&mut self) {
        if self.run.state.events.is_empty() {
            return;
        }
        let changes = self.run.state.events.take();
        for (sw_if_index, change) in changes {
            for watcher in self.run.state.events.watchers() {
                let Some(outbox) = self.run.clients.resolve(watcher.client_index) else {
                    continue;
                };
                let event = interface_event(*watcher, sw_if_index, change);
                if let Some(id) = self.run.table.ids().get(key_of(&event)) {
                    let header = Header {
                        client_index: watcher.client_index,
                        context: 0,
                    };
                    let mut pending = outbox.lock();
                    // Every field has a fixed size, so encoding is infallible.
                    let _ = frame::encode(&event, *id, header, MAX_PAYLOAD, &mut pending.bytes);
                    drop(pending);
                    outbox.wake();
                }
            }
        }
    }
}

fn key_of<M: Message>(_: &M) -> &'static str {
    M::KEY
}
