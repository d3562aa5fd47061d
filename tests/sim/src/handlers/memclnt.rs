//! The handshake, and what VPP says about its API.

use vpp_bindings::memclnt::*;
use vpp_wire::VppError;
use vpp_wire::bootstrap::{
    ControlPing, ControlPingReply, SockclntCreate, SockclntCreateReply, SockclntDelete,
    SockclntDeleteReply,
};

use super::routes::Routes;
use super::{Call, code};
use crate::server::Clients;

/// The module names with the CRC of their files, as C clients ask for them
/// (read from VPP 26.06).
const MODULES: &[(&str, &str)] = &[
    ("memif", "memif_bf42b70a"),
    ("interface", "interface_85f62a36"),
    ("l2", "l2_df21c610"),
];

pub(super) fn register(routes: &mut Routes) {
    routes
        .request(sockclnt_create)
        .request(sockclnt_delete)
        .request(|_, _: ControlPing| ControlPingReply {
            retval: 0,
            vpe_pid: std::process::id(),
        })
        .request(get_first_msg_id)
        .request(|_, _: ApiVersions| ApiVersionsReply::default())
        .request(get_api_json)
        .silent::<MemclntKeepalive>();
}

/// The only request without `client_index`: the answer goes where it came from.
fn sockclnt_create(call: &mut Call<'_>, request: SockclntCreate) -> SockclntCreateReply {
    call.answer_here();
    let slot = call.slot;
    if let Some(client) = call.core.clients.get_mut(slot) {
        client.name = request.name.to_string();
        tracing::debug!(slot, name = client.name, "client");
    }
    SockclntCreateReply {
        response: 0,
        index: Clients::index_of(slot),
        message_table: call.core.table.entries(&call.core.faults),
    }
}

fn sockclnt_delete(call: &mut Call<'_>, request: SockclntDelete) -> SockclntDeleteReply {
    if call.destination().is_none() {
        return SockclntDeleteReply::default();
    }
    let slot = Clients::slot_of(request.index);
    let response = match call.core.clients.get(slot) {
        Some(_) => {
            call.leave(slot);
            1
        }
        None => -1,
    };
    SockclntDeleteReply { response }
}

fn get_first_msg_id(call: &mut Call<'_>, request: GetFirstMsgId) -> GetFirstMsgIdReply {
    let known = MODULES.iter().find(|(_, name)| request.name == *name);
    let first = known.and_then(|(module, _)| call.core.table.first_id_of(module));
    let first = first.ok_or(VppError::INVALID_VALUE);
    GetFirstMsgIdReply {
        retval: code(&first),
        first_msg_id: first.unwrap_or(u16::MAX),
    }
}

fn get_api_json(_: &mut Call<'_>, _: GetApiJson) -> GetApiJsonReply {
    GetApiJsonReply {
        retval: 0,
        json: crate::api_json::text(),
    }
}
