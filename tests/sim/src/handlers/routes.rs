//! Which message is handled by what.

use std::fmt;

use vpp_wire::{DecodeError, Layout, Message};

use super::Call;
use super::plugin::Plugin;
use super::refusal::refusal;

/// A message that this VPP knows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    /// The API name.
    pub(crate) name: &'static str,
    /// The key in the message table.
    pub(crate) key: &'static str,
    /// The module that defines it.
    pub(crate) module: &'static str,
    /// What handles it; nothing for replies, details and events.
    handler: Option<usize>,
}

/// Handles one payload.
pub(super) type Handler =
    Box<dyn Fn(&mut Call<'_>, &[u8]) -> Result<(), DecodeError> + Send + Sync>;

/// All messages, and the handlers of the requests among them.
pub(crate) struct Routes {
    known: Vec<Known>,
    handlers: Vec<Handler>,
}

impl fmt::Debug for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.known).finish()
    }
}

impl Routes {
    /// Every message of every module and plugin, and what handles it.
    pub(crate) fn new(plugins: Vec<Plugin>) -> Self {
        let mut routes = Self {
            known: Vec::new(),
            handlers: Vec::new(),
        };
        routes.add_messages();
        super::memclnt::register(&mut routes);
        super::vlib::register(&mut routes);
        super::vpe::register(&mut routes);
        super::interface::register(&mut routes);
        super::ip::register(&mut routes);
        super::route::register(&mut routes);
        super::arp::register(&mut routes);
        super::ip6_nd::register(&mut routes);
        super::ip_neighbor::register(&mut routes);
        super::l2::register(&mut routes);
        super::memif::register(&mut routes);
        super::vhost_user::register(&mut routes);
        super::tapv2::register(&mut routes);
        super::af_packet::register(&mut routes);
        routes.refuse_the_rest();
        for plugin in plugins {
            routes.add_plugin(plugin);
        }
        routes
    }

    /// All messages.
    pub(crate) fn known(&self) -> impl Iterator<Item = Known> {
        self.known.iter().copied()
    }

    /// Has a payload handled; nothing happens where it is no request.
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
            self.known.extend(entries.map(|entry| Known {
                name: entry.name,
                key: entry.key,
                module,
                handler: None,
            }));
        }
    }

    /// Gives every request that nothing handles a refusal.
    fn refuse_the_rest(&mut self) {
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

    /// Adds the messages of a plugin; those that are there already are answered by it.
    fn add_plugin(&mut self, plugin: Plugin) {
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
                None => self.known.push(Known {
                    name: message.name,
                    key: message.key,
                    module,
                    handler,
                }),
            }
        }
    }

    /// Says what handles a message.
    pub(super) fn add<M: Message>(&mut self, handler: Handler) -> &mut Self {
        let mut known = self.known.iter_mut();
        if let Some(known) = known.find(|known| known.key == M::KEY) {
            known.handler = Some(self.handlers.len());
            self.handlers.push(handler);
        }
        self
    }
}
