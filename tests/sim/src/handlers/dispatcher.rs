//! Passes every message to its handler.

use std::fmt;

use vpp_wire::{DecodeError, Layout, Message};

use super::call::{Call, Handler};
use super::plugin::Plugin;
use super::refusal::refusal;
use crate::run::KnownMessage;

/// All messages, and the handlers of requests.
pub(crate) struct Dispatcher {
    known: Vec<KnownMessage>,
    handlers: Vec<Handler>,
}

impl fmt::Debug for Dispatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.known).finish()
    }
}

impl Dispatcher {
    /// Knows all messages of the bindings and has no handlers.
    pub(super) fn new() -> Self {
        let mut dispatcher = Self {
            known: Vec::new(),
            handlers: Vec::new(),
        };
        dispatcher.add_messages();
        dispatcher
    }

    /// All messages.
    pub(crate) fn known(&self) -> impl Iterator<Item = KnownMessage> {
        self.known.iter().copied()
    }

    /// Handles a payload. Drops it if it is not a request.
    pub(crate) fn handle(&self, call: &mut Call<'_>, payload: &[u8]) -> Result<(), DecodeError> {
        let handler = call.known.handler.and_then(|at| self.handlers.get(at));
        match handler {
            Some(handler) => handler(call, payload),
            None => {
                tracing::warn!(name = call.known.name, "dropped: VPP has no handler for it");
                Ok(())
            }
        }
    }

    fn add_messages(&mut self) {
        use vpp_bindings::*;
        let modules = [
            ("memclnt", memclnt::MESSAGES),
            ("vlib", vlib::MESSAGES),
            ("vpe", vpe::MESSAGES),
            ("interface", interface::MESSAGES),
            ("ip", ip::MESSAGES),
            ("ip_neighbor", ip_neighbor::MESSAGES),
            ("l2", l2::MESSAGES),
            ("memif", memif::MESSAGES),
            ("vhost_user", vhost_user::MESSAGES),
            ("tapv2", tapv2::MESSAGES),
            ("af_packet", af_packet::MESSAGES),
            ("ping", ping::MESSAGES),
            ("arp", arp::MESSAGES),
            ("ip6_nd", ip6_nd::MESSAGES),
        ];
        for (module, messages) in modules {
            let entries = messages
                .iter()
                .filter_map(|(name, _)| REGISTRY.by_name(name));
            self.known.extend(entries.map(|entry| KnownMessage {
                name: entry.name,
                key: entry.key,
                module,
                handler: None,
            }));
        }
    }

    /// Refuses every request without a handler.
    pub(super) fn add_refusals(&mut self) {
        for known in &mut self.known {
            let entry = vpp_bindings::REGISTRY.get(known.key);
            let Some(entry) = entry.filter(|_| known.handler.is_none()) else {
                continue;
            };
            let reply = vpp_bindings::REGISTRY.by_name(&format!("{}_reply", entry.name));
            if entry.layout == Layout::REQUEST {
                known.handler = Some(self.handlers.len());
                self.handlers.push(refusal(entry, reply));
            }
        }
    }

    /// Adds the messages of a plugin. Its handlers replace existing ones.
    pub(super) fn add_plugin(&mut self, plugin: Plugin) {
        let module = plugin.name();
        for message in plugin.into_messages() {
            let handler = message.handler.map(|handler| {
                self.handlers
                    .push(Box::new(move |call, payload| handler(call, payload)));
                self.handlers.len() - 1
            });
            let mut known = self.known.iter_mut();
            match known.find(|known| known.key == message.key) {
                Some(known) => known.handler = handler.or(known.handler),
                None => self.known.push(KnownMessage {
                    name: message.name,
                    key: message.key,
                    module,
                    handler,
                }),
            }
        }
    }

    /// Sets the handler of a message.
    pub(super) fn add<M: Message>(&mut self, handler: Handler) -> &mut Self {
        let mut known = self.known.iter_mut();
        if let Some(known) = known.find(|known| known.key == M::KEY) {
            known.handler = Some(self.handlers.len());
            self.handlers.push(handler);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_of_the_bindings_is_known() {
        let dispatcher = Dispatcher::new();
        for entry in vpp_bindings::REGISTRY.entries() {
            let is_known = dispatcher.known().any(|known| known.key == entry.key);
            assert!(is_known, "{} is in no module of the list", entry.name);
        }
    }
}
