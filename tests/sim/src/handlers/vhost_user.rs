//! vhost-user.

use vpp_bindings::interface_types::InterfaceIndex;
use vpp_bindings::vhost_user::*;

use super::routes::Routes;
use super::{Call, Sink, text};
use crate::state::{State, Vhost, VhostRequest};

pub(super) fn register(routes: &mut Routes) {
    routes
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
fn create(state: &mut State, request: VhostRequest) -> (i32, InterfaceIndex) {
    match state.create_vhost(request) {
        Ok(index) => (0, InterfaceIndex(index)),
        Err((error, index)) => (error.0, InterfaceIndex(index)),
    }
}

/// The first version cannot ask for what came with the second.
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

/// ~0 is all, by instance; features are those before any frontend has come.
fn sw_interface_vhost_user_dump(
    state: &State,
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

fn details(state: &State, vhost: &Vhost) -> SwInterfaceVhostUserDetails {
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
