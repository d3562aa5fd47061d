//! Proxy ARP.

use vpp_bindings::arp::*;

use super::Sink;
use super::dispatcher::Dispatcher;
use crate::state::VppState;

pub(super) fn register(dispatcher: &mut Dispatcher) {
    dispatcher
        .change(|state, it: ProxyArpAddDel| {
            let ProxyArp { table_id, low, hi } = it.proxy;
            state.change_proxy_arp(it.is_add, table_id, low.into(), hi.into())
        })
        .dump(proxy_arp_dump)
        .change(|state, it: ProxyArpIntfcEnableDisable| {
            state.set_proxy_arp(it.sw_if_index.0, it.enable)
        })
        .dump(proxy_arp_intfc_dump);
}

fn proxy_arp_dump(state: &VppState, _: ProxyArpDump, sink: &mut Sink<'_, ProxyArpDetails>) {
    for (table_id, range) in state.proxy_arp_ranges() {
        sink.send(&ProxyArpDetails {
            proxy: ProxyArp {
                table_id,
                low: range.low.into(),
                hi: range.high.into(),
            },
        });
    }
}

fn proxy_arp_intfc_dump(
    state: &VppState,
    _: ProxyArpIntfcDump,
    sink: &mut Sink<'_, ProxyArpIntfcDetails>,
) {
    for sw_if_index in state.proxy_arp_indices() {
        sink.send(&ProxyArpIntfcDetails { sw_if_index });
    }
}
