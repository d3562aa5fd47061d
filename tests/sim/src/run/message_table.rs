//! The message table: the id of each message until the next restart.

use std::collections::HashMap;

use vpp_wire::FixedString;
use vpp_wire::bootstrap::MessageTableEntry;

use crate::Release;
use crate::fault::FaultPlan;
use crate::state::Lcg;
use crate::text::text;

/// A message that this VPP has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KnownMessage {
    /// The name in the API.
    pub(crate) name: &'static str,
    /// The key in the message table.
    pub(crate) key: &'static str,
    /// The module that defines it.
    pub(crate) module: &'static str,
    /// The index of its handler. Replies, details and events have none.
    pub(crate) handler: Option<usize>,
}

/// The messages of the memclnt module in the order of their ids, which every VPP that has them
/// shares.
const FIXED: [&str; 28] = [
    "memclnt_create",
    "memclnt_create_reply",
    "memclnt_delete",
    "memclnt_delete_reply",
    "rx_thread_exit",
    "memclnt_rx_thread_suspend",
    "memclnt_read_timeout",
    "rpc_call",
    "rpc_call_reply",
    "get_first_msg_id",
    "get_first_msg_id_reply",
    "api_versions",
    "api_versions_reply",
    "trace_plugin_msg_ids",
    "sockclnt_create",
    "sockclnt_create_reply",
    "sockclnt_delete",
    "sockclnt_delete_reply",
    "sock_init_shm",
    "sock_init_shm_reply",
    "memclnt_keepalive",
    "memclnt_keepalive_reply",
    "control_ping",
    "control_ping_reply",
    "memclnt_create_v2",
    "memclnt_create_v2_reply",
    "get_api_json",
    "get_api_json_reply",
];

/// Message ids by key.
pub(crate) type Ids = HashMap<&'static str, u16>;

/// The messages of one run, by id.
#[derive(Debug)]
pub(crate) struct MessageTable {
    by_id: Vec<Option<KnownMessage>>,
    ids: Ids,
    order: Vec<u16>,
}

impl MessageTable {
    /// Assigns an id to every message of the release. The messages of memclnt have fixed ids.
    /// Every other module gets a range, in an order that depends on `seed`.
    pub(crate) fn new(
        messages: impl Iterator<Item = KnownMessage>,
        release: Release,
        seed: u32,
    ) -> Self {
        let mut fixed = HashMap::new();
        let mut modules: Vec<(&'static str, Vec<KnownMessage>)> = Vec::new();
        for known in messages.filter(|known| release.has(known.name)) {
            if FIXED.contains(&known.name) {
                fixed.insert(known.name, known);
                continue;
            }
            match modules.iter_mut().find(|(name, _)| *name == known.module) {
                Some((_, members)) => members.push(known),
                None => modules.push((known.module, vec![known])),
            }
        }
        let mut random = Lcg::new(seed);
        shuffle(&mut modules, &mut random);
        let fixed = FIXED.iter().map(|name| fixed.get(name).copied());
        let dynamic = modules.into_iter().flat_map(|(_, members)| members);
        let mut by_id: Vec<Option<KnownMessage>> = std::iter::once(None).chain(fixed).collect();
        by_id.resize(release.first_dynamic_id().into(), None);
        by_id.extend(dynamic.map(Some));
        let known = (0..)
            .zip(&by_id)
            .filter_map(|(id, known)| Some((id, (*known)?)));
        let ids: Ids = known.map(|(id, known)| (known.key, id)).collect();
        // VPP sends its table in the order of a hash table.
        let mut order: Vec<u16> = ids.values().copied().collect();
        order.sort_unstable();
        shuffle(&mut order, &mut random);
        Self { by_id, ids, order }
    }

    /// The message with this id.
    pub(crate) fn get(&self, id: u16) -> Option<KnownMessage> {
        self.by_id.get(usize::from(id)).copied().flatten()
    }

    /// The ids by key.
    pub(crate) fn ids(&self) -> &Ids {
        &self.ids
    }

    /// The lowest id of a module.
    pub(crate) fn first_id_of(&self, module: &str) -> Option<u16> {
        let mut all = (0..).zip(&self.by_id);
        all.find(|(_, known)| known.is_some_and(|known| known.module == module))
            .map(|(id, _)| id)
    }

    /// The table for `sockclnt_create_reply`, changed by faults.
    pub(crate) fn entries(&self, faults: &FaultPlan) -> Vec<MessageTableEntry> {
        let visible = |id: &u16| Some((*id, self.get(*id)?));
        self.order
            .iter()
            .filter_map(visible)
            .filter(|(_, known)| !faults.hides(known.name))
            .map(|(index, known)| MessageTableEntry {
                index,
                name: table_name(known, faults.crc(known.name)),
            })
            .collect()
    }
}

/// `name_crc`, cut to the size of the field.
fn table_name(known: KnownMessage, crc: Option<u32>) -> FixedString<64> {
    let other = crc.map(|crc| format!("{}_{crc:08x}", known.name));
    text(other.as_deref().unwrap_or(known.key))
}

fn shuffle<T>(items: &mut [T], random: &mut Lcg) {
    for at in (1..items.len()).rev() {
        // The high bits of the generator are more random.
        let other = (random.next() >> 8) as usize % (at + 1);
        items.swap(at, other);
    }
}
