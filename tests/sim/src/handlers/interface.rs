//! Interfaces, their flags, MTUs, tags, addresses and events.

use std::net::IpAddr;

use vpp_bindings::ethernet_types::MacAddress;
use vpp_bindings::interface::*;
use vpp_bindings::interface_types::{IfStatusFlags, IfType, InterfaceIndex, SubIfFlags};
use vpp_wire::VppError;

use super::dispatcher::Dispatcher;
use super::{Call, Sink, code, text};
use crate::state::{Crash, Interface, InterfaceChange, InterfaceKind, VppState, Watcher};

pub(super) fn register(dispatcher: &mut Dispatcher) {
    dispatcher
        .dump(sw_interface_dump)
        .request(want_interface_events)
        .change(|state, it: SwInterfaceSetFlags| {
            let up = it.flags.0 & IfStatusFlags::ADMIN_UP.0 != 0;
            state.set_admin(it.sw_if_index.0, up)
        })
        .change(|state, it: SwInterfaceSetMtu| state.set_mtu(it.sw_if_index.0, it.mtu))
        .change(|state, it: HwInterfaceSetMtu| state.set_hardware_mtu(it.sw_if_index.0, it.mtu))
        .change(|state, it: SwInterfaceSetRxMode| {
            let queue = it.queue_id_valid.then_some(it.queue_id);
            state.set_rx_mode(it.sw_if_index.0, queue)
        })
        .change(|state, it: SwInterfaceTagAddDel| {
            let tag = it.tag.to_string_lossy();
            state.set_tag(it.sw_if_index.0, it.is_add.then_some(&tag))
        })
        .change(|state, it: SwInterfaceSetMacAddress| {
            state.set_mac(it.sw_if_index.0, it.mac_address.0)
        })
        .change(|state, it: SwInterfaceSetInterfaceName| {
            state.set_name(it.sw_if_index.0, &it.name.to_string_lossy())
        })
        .request(sw_interface_get_mac_address)
        .fatal(sw_interface_add_del_address)
        .change(|state, it: SwInterfaceSetTable| {
            state.set_table(it.sw_if_index.0, it.is_ipv6, it.vrf_id)
        })
        .request(sw_interface_get_table)
        .change(|state, it: SwInterfaceSetUnnumbered| {
            // VPP's field names are swapped.
            let of = it.is_add.then_some(it.sw_if_index.0);
            state.set_unnumbered(it.unnumbered_sw_if_index.0, of)
        })
        .request(create_loopback)
        .request(create_loopback_instance)
        .change(|state, it: DeleteLoopback| state.delete_loopback(it.sw_if_index.0))
        .request(create_vlan_subif)
        .change(|state, it: DeleteSubif| state.delete_vlan(it.sw_if_index.0));
}

fn want_interface_events(call: &mut Call<'_>, it: WantInterfaceEvents) -> WantInterfaceEventsReply {
    let client = call.client_index();
    let outcome = call
        .state()
        .events
        .register(client, it.enable_disable != 0, it.pid);
    WantInterfaceEventsReply {
        retval: code(&outcome),
    }
}

/// The event that reports a change.
pub(crate) fn event(
    watcher: Watcher,
    sw_if_index: u32,
    change: InterfaceChange,
) -> SwInterfaceEvent {
    SwInterfaceEvent {
        pid: watcher.pid,
        sw_if_index: InterfaceIndex(sw_if_index),
        flags: IfStatusFlags(change.flags()),
        deleted: change.deleted,
    }
}

/// One interface by index, or all, or all whose name contains the filter.
fn sw_interface_dump(
    state: &VppState,
    it: SwInterfaceDump,
    sink: &mut Sink<'_, SwInterfaceDetails>,
) {
    let wanted = it.sw_if_index.0;
    if !it.name_filter_valid && wanted != 0 && wanted != u32::MAX {
        if let Ok(interface) = state.interface(wanted) {
            sink.send(&details(state, interface));
        }
        return;
    }
    let filter = it.name_filter.to_string_lossy();
    let filter = filter.trim_end_matches('\0').to_ascii_lowercase();
    for interface in state.interfaces() {
        let matches = || interface.name.to_ascii_lowercase().contains(&filter);
        if !it.name_filter_valid || matches() {
            sink.send(&details(state, interface));
        }
    }
}

fn details(state: &VppState, interface: &Interface) -> SwInterfaceDetails {
    let hardware = state.interface(interface.parent).unwrap_or(interface);
    let link_up = if hardware.link_up { 2 } else { 0 };
    let flags = IfStatusFlags(u32::from(interface.admin_up) | link_up);
    let mut details = SwInterfaceDetails {
        sw_if_index: InterfaceIndex(interface.sw_if_index),
        sup_sw_if_index: interface.parent,
        l2_address: MacAddress(interface.mac.unwrap_or_default()),
        flags,
        link_mtu: hardware.link_mtu,
        mtu: interface.mtu,
        interface_name: text(&interface.name),
        interface_dev_type: text(hardware.kind.device()),
        tag: text(&interface.tag),
        ..SwInterfaceDetails::default()
    };
    if let InterfaceKind::Vlan(vlan) = interface.kind {
        details.r#type = IfType::SUB;
        details.sub_id = vlan.into();
        details.sub_number_of_tags = 1;
        details.sub_outer_vlan_id = vlan;
        details.sub_if_flags = SubIfFlags(SubIfFlags::ONE_TAG.0 | SubIfFlags::EXACT_MATCH.0);
    }
    details
}

fn sw_interface_get_mac_address(
    call: &mut Call<'_>,
    it: SwInterfaceGetMacAddress,
) -> SwInterfaceGetMacAddressReply {
    let mac = call
        .state()
        .hardware(it.sw_if_index.0)
        .map(|hardware| hardware.mac.unwrap_or_default());
    SwInterfaceGetMacAddressReply {
        retval: code(&mac),
        mac_address: MacAddress(mac.unwrap_or_default()),
    }
}

fn sw_interface_add_del_address(
    state: &mut VppState,
    it: SwInterfaceAddDelAddress,
) -> Result<SwInterfaceAddDelAddressReply, Crash> {
    let prefix = it.prefix.0;
    // VPP treats every family that is not IPv6 as IPv4.
    let address = IpAddr::try_from(prefix.address).unwrap_or(IpAddr::from([0; 4]));
    let address = (address, prefix.len);
    let outcome = state.change_address(it.sw_if_index.0, it.is_add, it.del_all, address)?;
    Ok(SwInterfaceAddDelAddressReply {
        retval: code(&outcome),
    })
}

fn sw_interface_get_table(
    call: &mut Call<'_>,
    it: SwInterfaceGetTable,
) -> SwInterfaceGetTableReply {
    let table = call
        .state()
        .interface(it.sw_if_index.0)
        .map(|interface| interface.tables[usize::from(it.is_ipv6)]);
    SwInterfaceGetTableReply {
        retval: code(&table),
        vrf_id: table.unwrap_or(u32::MAX),
    }
}

/// The `retval` and `sw_if_index` of a reply. A failed request has index ~0.
fn index(created: Result<u32, VppError>) -> (i32, InterfaceIndex) {
    (code(&created), InterfaceIndex(created.unwrap_or(u32::MAX)))
}

fn create_loopback(call: &mut Call<'_>, it: CreateLoopback) -> CreateLoopbackReply {
    let (retval, sw_if_index) = index(call.state().create_loopback(it.mac_address.0, None));
    CreateLoopbackReply {
        retval,
        sw_if_index,
    }
}

fn create_loopback_instance(
    call: &mut Call<'_>,
    it: CreateLoopbackInstance,
) -> CreateLoopbackInstanceReply {
    let instance = it.is_specified.then_some(it.user_instance);
    let (retval, sw_if_index) = index(call.state().create_loopback(it.mac_address.0, instance));
    CreateLoopbackInstanceReply {
        retval,
        sw_if_index,
    }
}

fn create_vlan_subif(call: &mut Call<'_>, it: CreateVlanSubif) -> CreateVlanSubifReply {
    let (retval, sw_if_index) = index(call.state().create_vlan(it.sw_if_index.0, it.vlan_id));
    CreateVlanSubifReply {
        retval,
        sw_if_index,
    }
}
