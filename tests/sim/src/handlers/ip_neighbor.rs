//! IP neighbors.

use vpp_bindings::ethernet_types::MacAddress;
use vpp_bindings::interface_types::InterfaceIndex;
use vpp_bindings::ip_neighbor::*;
use vpp_wire::VppError;

use super::dispatcher::Dispatcher;
use super::{Call, Sink, code};
use crate::state::{Neighbor, VppState};

pub(super) fn register(dispatcher: &mut Dispatcher) {
    dispatcher
        .request(ip_neighbor_add_del)
        .dump(ip_neighbor_dump);
}

fn ip_neighbor_add_del(call: &mut Call<'_>, it: IpNeighborAddDel) -> IpNeighborAddDelReply {
    let neighbor = it.neighbor;
    let index = neighbor.sw_if_index.0;
    let address = super::ip::address(neighbor.ip_address).ok_or(VppError::INVALID_ADDRESS_FAMILY);
    let state = call.state();
    let outcome = address.and_then(|address| {
        if it.is_add {
            let (mac, flags) = (neighbor.mac_address.0, neighbor.flags.0);
            state.add_neighbor(Neighbor {
                sw_if_index: index,
                address,
                mac,
                flags,
            })
        } else {
            state.delete_neighbor(index, address)
        }
    });
    let has_stats = outcome.is_ok() && it.is_add;
    IpNeighborAddDelReply {
        retval: code(&outcome),
        stats_index: if has_stats { 1 } else { u32::MAX },
    }
}

/// The neighbors of one family on one interface, or on all.
fn ip_neighbor_dump(state: &VppState, it: IpNeighborDump, sink: &mut Sink<'_, IpNeighborDetails>) {
    let wanted = it.sw_if_index.0;
    let is_ipv6 = it.af.0 == 1;
    for known in state.neighbors() {
        let matches = wanted == u32::MAX || wanted == known.sw_if_index;
        if matches && known.address.is_ipv6() == is_ipv6 {
            sink.send(&IpNeighborDetails {
                age: 0.0,
                neighbor: IpNeighbor {
                    sw_if_index: InterfaceIndex(known.sw_if_index),
                    flags: IpNeighborFlags(known.flags),
                    mac_address: MacAddress(known.mac),
                    ip_address: known.address.into(),
                },
            });
        }
    }
}
