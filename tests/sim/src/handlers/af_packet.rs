//! Host interfaces through `AF_PACKET`.

use vpp_bindings::af_packet::*;
use vpp_bindings::ethernet_types::MacAddress;
use vpp_bindings::interface_types::InterfaceIndex;
use vpp_wire::{FixedString, VppError};

use super::dispatcher::Dispatcher;
use super::{Call, Sink, text};
use crate::state::VppState;

pub(super) fn register(dispatcher: &mut Dispatcher) {
    dispatcher
        .request(|call, it: AfPacketCreate| {
            let mac = (!it.use_random_hw_addr).then_some(it.hw_addr);
            let (retval, sw_if_index) = create(call, &it.host_if_name, mac);
            AfPacketCreateReply {
                retval,
                sw_if_index,
            }
        })
        .request(|call, it: AfPacketCreateV2| {
            let mac = (!it.use_random_hw_addr).then_some(it.hw_addr);
            let (retval, sw_if_index) = create(call, &it.host_if_name, mac);
            AfPacketCreateV2Reply {
                retval,
                sw_if_index,
            }
        })
        .request(|call, it: AfPacketCreateV3| {
            let mac = (!it.use_random_hw_addr).then_some(it.hw_addr);
            let (mut retval, mut sw_if_index) = create(call, &it.host_if_name, mac);
            // The third version has another error for a missing interface.
            if retval == VppError::INVALID_INTERFACE.0 {
                (retval, sw_if_index) = (VppError::INVALID_VALUE.0, InterfaceIndex(u32::MAX));
            }
            AfPacketCreateV3Reply {
                retval,
                sw_if_index,
            }
        })
        .change(|state, it: AfPacketDelete| {
            state.delete_af_packet(&it.host_if_name.to_string_lossy())
        })
        .dump(af_packet_dump);
}

/// The `retval` and `sw_if_index` of a reply.
fn create(
    call: &mut Call<'_>,
    name: &FixedString<64>,
    mac: Option<MacAddress>,
) -> (i32, InterfaceIndex) {
    let mac = mac.map(|mac| mac.0);
    match call.state().create_af_packet(&name.to_string_lossy(), mac) {
        Ok(index) => (0, InterfaceIndex(index)),
        Err((error, index)) => (error.0, InterfaceIndex(index)),
    }
}

fn af_packet_dump(state: &VppState, _: AfPacketDump, sink: &mut Sink<'_, AfPacketDetails>) {
    for host in state.af_packets() {
        sink.send(&AfPacketDetails {
            sw_if_index: InterfaceIndex(host.sw_if_index),
            host_if_name: text(&host.host_if_name),
        });
    }
}
