//! vhost-user interfaces.

use vpp_bindings::interface_types::InterfaceIndex;
use vpp_bindings::vhost_user::*;

use super::dispatcher::Dispatcher;
use super::{Call, Sink, text};
use crate::state::{Vhost, VhostRequest, VppState};

pub(super) fn register(dispatcher: &mut Dispatcher) {
    dispatcher
        .request(create_vhost_user_if)
        .request(create_vhost_user_if_v2)
        .change(|state, it: ModifyVhostUserIf| {
            let request = VhostRequest {
                is_server: it.is_server,
                sock_filename: it.sock_filename.to_string(),
                instance: it.renumber.then_some(it.custom_dev_instance),
                enable_gso: it.enable_gso,
                enable_packed: it.enable_packed,
                ..VhostRequest::default()
            };
            state.modify_vhost(it.sw_if_index.0, request)
        })
        .change(|state, it: ModifyVhostUserIfV2| {
            let request = VhostRequest {
                is_server: it.is_server,
                sock_filename: it.sock_filename.to_string(),
                instance: it.renumber.then_some(it.custom_dev_instance),
                enable_gso: it.enable_gso,
                enable_packed: it.enable_packed,
                enable_event_idx: it.enable_event_idx,
                ..VhostRequest::default()
            };
            state.modify_vhost(it.sw_if_index.0, request)
        })
        .change(|state, it: DeleteVhostUserIf| state.delete_vhost(it.sw_if_index.0))
        .dump(sw_interface_vhost_user_dump);
}

/// The `retval` and `sw_if_index` of a reply.
fn create(state: &mut VppState, request: VhostRequest) -> (i32, InterfaceIndex) {
    match state.create_vhost(request) {
        Ok(index) => (0, InterfaceIndex(index)),
        Err((error, index)) => (error.0, InterfaceIndex(index)),
    }
}

/// Defines the handler of one version. The last argument is a field that only the second has.
macro_rules! create {
    ($handler:ident, $request:ident, $reply:ident, $($later:ident)?) => {
        fn $handler(call: &mut Call<'_>, it: $request) -> $reply {
            let request = VhostRequest {
                is_server: it.is_server,
                sock_filename: it.sock_filename.to_string(),
                instance: it.renumber.then_some(it.custom_dev_instance),
                mac: it.use_custom_mac.then_some(it.mac_address.0),
                tag: it.tag.to_string(),
                enable_gso: it.enable_gso,
                enable_packed: it.enable_packed,
                enable_event_idx: false $(| it.$later)?,
            };
            let (retval, sw_if_index) = create(call.state(), request);
            $reply {
                retval,
                sw_if_index,
            }
        }
    };
}

create!(
    create_vhost_user_if,
    CreateVhostUserIf,
    CreateVhostUserIfReply,
);
create!(
    create_vhost_user_if_v2,
    CreateVhostUserIfV2,
    CreateVhostUserIfV2Reply,
    enable_event_idx
);

/// One interface, or for ~0 all by instance. Features are those before a frontend connects.
fn sw_interface_vhost_user_dump(
    state: &VppState,
    it: SwInterfaceVhostUserDump,
    sink: &mut Sink<'_, SwInterfaceVhostUserDetails>,
) {
    let wanted = it.sw_if_index.0;
    for vhost in state.vhosts() {
        if wanted == u32::MAX || wanted == vhost.sw_if_index {
            sink.send(&details(state, vhost));
        }
    }
}

fn details(state: &VppState, vhost: &Vhost) -> SwInterfaceVhostUserDetails {
    let interface = state.interface(vhost.sw_if_index);
    let name = interface.map_or("", |interface| interface.name.as_str());
    SwInterfaceVhostUserDetails {
        sw_if_index: InterfaceIndex(vhost.sw_if_index),
        interface_name: text(name),
        is_server: vhost.is_server(),
        sock_filename: text(&vhost.request.sock_filename),
        sock_errno: vhost.sock_errno(),
        ..SwInterfaceVhostUserDetails::default()
    }
}
