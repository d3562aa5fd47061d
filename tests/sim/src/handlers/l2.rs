//! Bridge domains and their ports.

use vpp_bindings::interface_types::InterfaceIndex;
use vpp_bindings::l2::*;
use vpp_wire::VppError;

use super::dispatcher::Dispatcher;
use super::{Call, Sink, code, text};
use crate::state::{Bridge, BridgeFlags as Flags, BridgePort, Outcome, VppState};

pub(super) fn register(dispatcher: &mut Dispatcher) {
    dispatcher
        .change(bridge_domain_add_del)
        .request(bridge_domain_add_del_v2)
        .dump(bridge_domain_dump)
        .request(bridge_flags)
        .change(sw_interface_set_l2_bridge);
}

fn bridge_domain_add_del(state: &mut VppState, it: BridgeDomainAddDel) -> Outcome {
    if !it.is_add {
        return state.delete_bridge(it.bd_id);
    }
    state.add_bridge(Bridge {
        id: it.bd_id,
        flags: Flags {
            flood: it.flood,
            uu_flood: it.uu_flood,
            forward: it.forward,
            learn: it.learn,
            arp_term: it.arp_term,
            arp_ufwd: it.arp_ufwd,
        },
        mac_age: it.mac_age,
        tag: it.bd_tag.to_string(),
        ..Bridge::default()
    })
}

/// As the first version, but id ~0 selects a free id, which the reply contains.
fn bridge_domain_add_del_v2(
    call: &mut Call<'_>,
    it: BridgeDomainAddDelV2,
) -> BridgeDomainAddDelV2Reply {
    let state = call.state();
    let pick = it.is_add && it.bd_id == u32::MAX;
    let bd_id = if pick {
        state.unused_bridge_id()
    } else {
        it.bd_id
    };
    let first_version = BridgeDomainAddDel {
        bd_id,
        flood: it.flood,
        uu_flood: it.uu_flood,
        forward: it.forward,
        learn: it.learn,
        arp_term: it.arp_term,
        arp_ufwd: it.arp_ufwd,
        mac_age: it.mac_age,
        bd_tag: it.bd_tag,
        is_add: it.is_add,
    };
    let outcome = bridge_domain_add_del(state, first_version);
    BridgeDomainAddDelV2Reply {
        retval: code(&outcome),
        bd_id,
    }
}

/// One bridge domain, or all. VPP does not implement the filter by interface.
fn bridge_domain_dump(
    state: &VppState,
    it: BridgeDomainDump,
    sink: &mut Sink<'_, BridgeDomainDetails>,
) {
    if it.sw_if_index.0 != u32::MAX {
        return;
    }
    for bridge in state.bridges() {
        if it.bd_id == u32::MAX || it.bd_id == bridge.id {
            sink.send(&details(bridge));
        }
    }
}

fn details(bridge: &Bridge) -> BridgeDomainDetails {
    let port = |port: Option<u32>| InterfaceIndex(port.unwrap_or(u32::MAX));
    let members = bridge.members.iter().map(|member| BridgeDomainSwIf {
        context: 0,
        sw_if_index: InterfaceIndex(member.sw_if_index),
        shg: member.shg,
    });
    BridgeDomainDetails {
        bd_id: bridge.id,
        flood: bridge.flags.flood,
        uu_flood: bridge.flags.uu_flood,
        forward: bridge.flags.forward,
        learn: bridge.flags.learn,
        arp_term: bridge.flags.arp_term,
        arp_ufwd: bridge.flags.arp_ufwd,
        mac_age: bridge.mac_age,
        bd_tag: text(&bridge.tag),
        bvi_sw_if_index: port(bridge.bvi),
        uu_fwd_sw_if_index: port(bridge.uu_fwd),
        sw_if_details: members.collect(),
    }
}

fn bridge_flags(call: &mut Call<'_>, it: BridgeFlags) -> BridgeFlagsReply {
    let state = call.state();
    let bitmap = state.change_bridge(it.bd_id, it.flags.0, it.is_set);
    BridgeFlagsReply {
        retval: code(&bitmap),
        resulting_feature_bitmap: bitmap.unwrap_or(0),
    }
}

/// Checks the interface and then, also if disabling, the port type.
fn sw_interface_set_l2_bridge(state: &mut VppState, it: SwInterfaceSetL2Bridge) -> Outcome {
    let index = it.rx_sw_if_index.0;
    state.interface(index)?;
    let port = match it.port_type {
        L2PortType::NORMAL => BridgePort::Normal,
        L2PortType::BVI => BridgePort::Bvi,
        L2PortType::UU_FWD => BridgePort::UuFwd,
        _ => return Err(VppError::INVALID_VALUE),
    };
    if it.enable {
        return state.attach_to_bridge(index, it.bd_id, port, it.shg);
    }
    state.detach_from_bridge(index);
    Ok(())
}
