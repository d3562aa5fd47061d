//! IP neighbours.

use vpp_bindings::ethernet_types::MacAddress;
use vpp_bindings::interface_types::InterfaceIndex;
use vpp_bindings::ip_neighbor::*;
use vpp_wire::VppError;

use super::routes::Routes;
use super::{Call, Sink, code};
use crate::state::{Neighbor, State};

pub(super) fn register(routes: &mut Routes) {
    routes.request(ip_neighbor_add_del).dump(ip_neighbor_dump);
}

fn ip_neighbor_add_del(call: &mut Call<'_>, it: IpNeighborAddDel) -> IpNeighborAddDelReply {
    let asked = it.neighbor;
    let index = asked.sw_if_index.0;
    let address = super::ip::address(asked.ip_address).ok_or(VppError::INVALID_ADDRESS_FAMILY);
    let state = call.state();
    let outcome = address.and_then(|address| {
        if it.is_add {
            let (mac, flags) = (asked.mac_address.0, asked.flags.0);
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

/// One family; all interfaces, or one.
fn ip_neighbor_dump(state: &State, it: IpNeighborDump, sink: &mut Sink<'_, IpNeighborDetails>) {
    let wanted = it.sw_if_index.0;
    let is_ipv6 = it.af.0 == 1;
    for known in state.neighbors() {
        let here = wanted == u32::MAX || wanted == known.sw_if_index;
        if here && known.address.is_ipv6() == is_ipv6 {
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
