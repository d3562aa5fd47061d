//! Taps. They do not appear on the host.

use vpp_bindings::ethernet_types::MacAddress;
use vpp_bindings::interface_types::InterfaceIndex;
use vpp_bindings::tapv2::*;

use super::dispatcher::Dispatcher;
use super::{Call, Sink, code, text};
use crate::state::{Tap, VppState};

pub(super) fn register(dispatcher: &mut Dispatcher) {
    dispatcher
        .request(tap_create_v2)
        .request(tap_create_v3)
        .change(|state, it: TapDeleteV2| state.delete_tap(it.sw_if_index.0))
        .dump(sw_interface_tap_v2_dump);
}

/// Defines the handler of one version. The simulator treats both versions alike.
macro_rules! create {
    ($handler:ident, $request:ident, $reply:ident) => {
        fn $handler(call: &mut Call<'_>, it: $request) -> $reply {
            let created = call.state().create_tap(Tap {
                sw_if_index: 0,
                id: it.id,
                mac: (!it.use_random_mac).then_some(it.mac_address.0),
                host_if_name: it.host_if_name.to_string(),
                host_namespace: it.host_namespace.to_string(),
                host_bridge: it.host_bridge.to_string(),
                host_mtu: it.host_mtu_size,
                host_mac: it.host_mac_addr.0,
                ring_sizes: (it.tx_ring_sz, it.rx_ring_sz),
                flags: it.tap_flags.0,
                tag: it.tag.to_string(),
            });
            $reply {
                retval: code(&created),
                sw_if_index: InterfaceIndex(created.unwrap_or(u32::MAX)),
            }
        }
    };
}

create!(tap_create_v2, TapCreateV2, TapCreateV2Reply);
create!(tap_create_v3, TapCreateV3, TapCreateV3Reply);

fn sw_interface_tap_v2_dump(
    state: &VppState,
    it: SwInterfaceTapV2Dump,
    sink: &mut Sink<'_, SwInterfaceTapV2Details>,
) {
    let wanted = it.sw_if_index.0;
    for tap in state.taps() {
        if wanted != u32::MAX && wanted != tap.sw_if_index {
            continue;
        }
        let (tx_ring_sz, rx_ring_sz) = tap.ring_sizes;
        sink.send(&SwInterfaceTapV2Details {
            sw_if_index: tap.sw_if_index,
            id: tap.id,
            tx_ring_sz,
            rx_ring_sz,
            host_mtu_size: tap.host_mtu,
            host_mac_addr: MacAddress(tap.host_mac),
            tap_flags: TapFlags(tap.flags),
            dev_name: text(&format!("tap{}", tap.id)),
            host_if_name: text(&tap.host_if_name),
            host_namespace: text(&tap.host_namespace),
            host_bridge: text(&tap.host_bridge),
            ..SwInterfaceTapV2Details::default()
        });
    }
}
