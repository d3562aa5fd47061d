//! Bridge domains.

use std::collections::{BTreeSet, HashMap};

use vpp_wire::VppError;

use super::{Outcome, VppState};

/// The largest bridge domain id.
pub const MAX_ID: u32 = 0x00ff_ffff;

/// The features of a bridge domain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BridgeFlags {
    /// Flood broadcast and multicast.
    pub flood: bool,
    /// Flood unknown unicast.
    pub uu_flood: bool,
    /// Forward.
    pub forward: bool,
    /// Learn addresses.
    pub learn: bool,
    /// Answer ARP.
    pub arp_term: bool,
    /// Forward unknown ARP to the `uu_fwd` port.
    pub arp_ufwd: bool,
}

impl BridgeFlags {
    /// The flags of a bridge domain that VPP creates implicitly.
    pub const AUTOMATIC: Self = Self {
        flood: true,
        uu_flood: true,
        forward: true,
        learn: true,
        arp_term: false,
        arp_ufwd: false,
    };

    /// Sets or clears the flags named by `bd_flags` of the API.
    fn change(&mut self, flags: u32, on: bool) {
        let all = [
            (1, &mut self.learn),
            (2, &mut self.forward),
            (4, &mut self.flood),
            (8, &mut self.uu_flood),
            (16, &mut self.arp_term),
            (32, &mut self.arp_ufwd),
        ];
        for (bit, flag) in all {
            if flags & bit != 0 {
                *flag = on;
            }
        }
    }

    /// VPP's feature bitmap: all bits but those of disabled features
    /// (`src/vnet/l2/l2_input.h`).
    fn bitmap(self, has_uu_fwd: bool) -> u32 {
        let off = [
            (2, !self.flood),
            (3, !self.arp_ufwd),
            (4, !self.arp_term),
            (5, !self.uu_flood),
            (6, !has_uu_fwd),
            (7, !self.forward),
            (9, !self.learn),
        ];
        off.iter().fold(u32::MAX, |bits, (bit, off)| {
            bits & !(u32::from(*off) << bit)
        })
    }
}

/// One port of a bridge domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BridgeMember {
    /// The interface.
    pub sw_if_index: u32,
    /// The split horizon group.
    pub shg: u8,
}

/// The type of a port in its bridge domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BridgePort {
    /// An ordinary port.
    Normal,
    /// The bridge virtual interface.
    Bvi,
    /// The port for unknown unicast.
    UuFwd,
}

/// One bridge domain.
#[derive(Debug, Clone, Default)]
pub struct Bridge {
    /// Its id.
    pub id: u32,
    /// The features that are on.
    pub flags: BridgeFlags,
    /// The maximum age of learned addresses in minutes.
    pub mac_age: u8,
    /// Its tag.
    pub tag: String,
    /// The ports: first the BVI, then ports that are flooded to, oldest first, then the others.
    pub members: Vec<BridgeMember>,
    /// The bridge virtual interface.
    pub bvi: Option<u32>,
    /// The port for unknown unicast.
    pub uu_fwd: Option<u32>,
    /// The number of members at the end that are not flooded to.
    pub(crate) not_flooded: usize,
}

/// Bridge domains by slot. A new one takes the lowest free slot.
///
/// Slot 0 is bridge domain 0, which drops frames. A free slot keeps its MAC age.
#[derive(Debug)]
pub struct Bridges {
    slots: Vec<(Option<Bridge>, u8)>,
    by_id: HashMap<u32, u32>,
    free: BTreeSet<u32>,
}

impl Default for Bridges {
    fn default() -> Self {
        Self {
            slots: vec![(Some(Bridge::default()), 0)],
            by_id: HashMap::from([(0, 0)]),
            free: BTreeSet::new(),
        }
    }
}

impl Bridges {
    pub(super) fn slot_of(&self, id: u32) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    pub(super) fn get(&self, slot: u32) -> Option<&Bridge> {
        self.slots.get(slot as usize)?.0.as_ref()
    }

    pub(super) fn get_mut(&mut self, slot: u32) -> Option<&mut Bridge> {
        self.slots.get_mut(slot as usize)?.0.as_mut()
    }

    pub(super) fn insert(&mut self, mut bridge: Bridge, mac_age: Option<u8>) -> u32 {
        let at = self.free.pop_first().unwrap_or_else(|| {
            self.slots.push((None, 0));
            // There are at most 2^24 ids, so the index fits.
            u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
        });
        self.by_id.insert(bridge.id, at);
        if let Some((slot, kept)) = self.slots.get_mut(at as usize) {
            *kept = mac_age.unwrap_or(*kept);
            bridge.mac_age = *kept;
            *slot = Some(bridge);
        }
        at
    }

    fn remove(&mut self, slot: u32) {
        let removed = self.slots.get_mut(slot as usize).and_then(|it| it.0.take());
        if let Some(bridge) = removed {
            self.by_id.remove(&bridge.id);
            self.free.insert(slot);
        }
    }

    fn iter(&self) -> impl Iterator<Item = &Bridge> {
        self.slots
            .iter()
            .skip(1)
            .filter_map(|(bridge, _)| bridge.as_ref())
    }
}

impl VppState {
    /// All bridge domains except 0, by slot.
    pub fn bridges(&self) -> impl Iterator<Item = &Bridge> {
        self.bridges.iter()
    }

    /// The bridge domain with this id.
    #[must_use]
    pub fn bridge(&self, id: u32) -> Option<&Bridge> {
        let slot = self.bridges.slot_of(id).filter(|slot| *slot != 0)?;
        self.bridges.get(slot)
    }

    /// A free id, for `bridge_domain_add_del_v2` with id ~0.
    pub(crate) fn unused_bridge_id(&mut self) -> u32 {
        loop {
            let id = self.bridge_ids.next() & MAX_ID;
            if id != 0 && self.bridges.slot_of(id).is_none() {
                return id;
            }
        }
    }

    /// `bridge_domain_add_del`, adding.
    pub(crate) fn add_bridge(&mut self, bridge: Bridge) -> Outcome {
        if self.bridges.slot_of(bridge.id).is_some() {
            return Err(VppError::BD_ALREADY_EXISTS);
        }
        if bridge.id > MAX_ID {
            return Err(VppError::BD_ID_EXCEED_MAX);
        }
        let mac_age = bridge.mac_age;
        self.bridges.insert(bridge, Some(mac_age));
        Ok(())
    }

    /// `bridge_domain_add_del`, deleting.
    pub(crate) fn delete_bridge(&mut self, id: u32) -> Outcome {
        let slot = self.bridges.slot_of(id).ok_or(VppError::NO_SUCH_ENTRY)?;
        if slot == 0 {
            return Err(VppError::BD_NOT_MODIFIABLE);
        }
        let bridge = self.bridges.get(slot);
        if bridge.is_some_and(|bridge| !bridge.members.is_empty()) {
            return Err(VppError::BD_IN_USE);
        }
        self.bridges.remove(slot);
        Ok(())
    }

    /// `bridge_flags`. Returns the new feature bitmap.
    pub(crate) fn change_bridge(&mut self, id: u32, flags: u32, on: bool) -> Result<u32, VppError> {
        if id == 0 {
            return Err(VppError::BD_NOT_MODIFIABLE);
        }
        let slot = self.bridges.slot_of(id).ok_or(VppError::NO_SUCH_ENTRY)?;
        let bridge = self.bridges.get_mut(slot).ok_or(VppError::NO_SUCH_ENTRY)?;
        bridge.flags.change(flags, on);
        Ok(bridge.flags.bitmap(bridge.uu_fwd.is_some()))
    }
}
