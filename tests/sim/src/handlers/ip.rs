//! Addresses and FIB tables of the IP module.

use std::net::IpAddr;

use vpp_bindings::interface_types::InterfaceIndex;
use vpp_bindings::ip::*;
use vpp_bindings::ip_types::AddressWithPrefix;

use super::dispatcher::Dispatcher;
use super::{Call, Sink, code, text};
use crate::state::VppState;

pub(super) fn register(dispatcher: &mut Dispatcher) {
    dispatcher
        .dump(ip_address_dump)
        .change(|state, it: IpTableAddDel| {
            change_table(state, it.is_add, &it.table);
            Ok(())
        })
        .change(|state, it: IpTableAddDelV2| {
            change_table(state, it.is_add, &it.table);
            Ok(())
        })
        .request(ip_table_allocate)
        .dump(ip_table_dump)
        .dump(ip_unnumbered_dump)
        .change(|state, it: SwInterfaceIp6EnableDisable| state.set_ip6(it.sw_if_index.0, it.enable))
        .request(sw_interface_ip6_get_link_local_address);
}

/// The addresses of one interface and family, in the order they were added.
fn ip_address_dump(state: &VppState, it: IpAddressDump, sink: &mut Sink<'_, IpAddressDetails>) {
    for known in state.addresses(it.sw_if_index.0, it.is_ipv6) {
        let Some(net) = known.net() else {
            continue;
        };
        sink.send(&IpAddressDetails {
            sw_if_index: it.sw_if_index,
            prefix: AddressWithPrefix::from(net),
        });
    }
}

fn change_table(state: &mut VppState, is_add: bool, table: &IpTable) {
    if is_add {
        state.add_table(table.is_ip6, table.table_id, &table.name.to_string_lossy());
    } else {
        state.delete_table(table.is_ip6, table.table_id);
    }
}

fn ip_table_allocate(call: &mut Call<'_>, it: IpTableAllocate) -> IpTableAllocateReply {
    let mut table = it.table;
    let state = call.state();
    if table.table_id == u32::MAX {
        table.table_id = state.unused_table_id();
    }
    change_table(state, true, &table);
    IpTableAllocateReply { retval: 0, table }
}

/// All tables, including table 0: IPv4 first, then IPv6.
fn ip_table_dump(state: &VppState, _: IpTableDump, sink: &mut Sink<'_, IpTableDetails>) {
    for is_ip6 in [false, true] {
        for known in state.tables(is_ip6) {
            let table = IpTable {
                table_id: known.id,
                is_ip6,
                name: text(&known.name),
            };
            sink.send(&IpTableDetails { table });
        }
    }
}

/// One unnumbered interface, or all.
fn ip_unnumbered_dump(
    state: &VppState,
    it: IpUnnumberedDump,
    sink: &mut Sink<'_, IpUnnumberedDetails>,
) {
    let wanted = it.sw_if_index.0;
    let all = state.unnumbered();
    for (index, of) in all.filter(|(index, _)| wanted == u32::MAX || wanted == *index) {
        sink.send(&IpUnnumberedDetails {
            sw_if_index: InterfaceIndex(index),
            ip_sw_if_index: InterfaceIndex(of),
        });
    }
}

fn sw_interface_ip6_get_link_local_address(
    call: &mut Call<'_>,
    it: SwInterfaceIp6GetLinkLocalAddress,
) -> SwInterfaceIp6GetLinkLocalAddressReply {
    let interface = call.state().interface(it.sw_if_index.0);
    let found = interface.and_then(|interface| {
        let none = vpp_wire::VppError::IP6_NOT_ENABLED;
        interface.link_local.ok_or(none)
    });
    let mut reply = SwInterfaceIp6GetLinkLocalAddressReply {
        retval: code(&found),
        ..Default::default()
    };
    if let Ok(address) = found {
        reply.ip = address.into();
    }
    reply
}

/// Converts an address of the API. `None` if its family is unknown.
pub(super) fn address(address: vpp_bindings::ip_types::Address) -> Option<IpAddr> {
    IpAddr::try_from(address).ok()
}
