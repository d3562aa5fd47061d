//! The handshake and the requests about VPP's API.

use std::sync::OnceLock;

use vpp_bindings::memclnt::*;
use vpp_wire::VppError;
use vpp_wire::bootstrap::{
    ControlPing, ControlPingReply, SockclntCreate, SockclntCreateReply, SockclntDelete,
    SockclntDeleteReply,
};

use super::dispatcher::Dispatcher;
use super::{Call, code};
use crate::run::Clients;

/// The CRCs of the API files, by which C clients find their modules. They are those of
/// VPP 26.06. They differ from `vl_api_version` if a file has imports.
const MODULES: &[(&str, u32)] = &[
    ("memclnt", 0xb197_c551),
    ("vlib", 0x9a9e_84e4),
    ("vpe", 0x33b4_5969),
    ("interface", 0x85f6_2a36),
    ("ip", 0xa092_da9f),
    ("ip_neighbor", 0x8bbb_ad7c),
    ("l2", 0xdf21_c610),
    ("memif", 0xbf42_b70a),
    ("vhost_user", 0x3000_0028),
    ("tapv2", 0xb21c_ac4e),
    ("af_packet", 0x720e_e900),
    ("ping", 0x0bdc_c118),
    ("arp", 0xcfdf_7292),
    ("ip6_nd", 0xdeae_73c7),
];

/// The process id. It is cached because it costs a system call per ping otherwise.
fn vpe_pid() -> u32 {
    static PID: OnceLock<u32> = OnceLock::new();
    *PID.get_or_init(std::process::id)
}

pub(super) fn register(dispatcher: &mut Dispatcher) {
    dispatcher
        .request(sockclnt_create)
        .request(sockclnt_delete)
        .request(|_, _: ControlPing| ControlPingReply {
            retval: 0,
            vpe_pid: vpe_pid(),
        })
        .request(get_first_msg_id)
        .request(|_, _: ApiVersions| ApiVersionsReply::default())
        .request(get_api_json)
        .silent::<MemclntKeepalive>();
}

/// Stores the name of the client and returns the message table.
fn sockclnt_create(call: &mut Call<'_>, request: SockclntCreate) -> SockclntCreateReply {
    let slot = call.slot;
    if let Some(client) = call.run.clients.get_mut(slot) {
        client.name = request.name.to_string();
        tracing::debug!(slot, name = client.name, "client");
    }
    SockclntCreateReply {
        response: 0,
        index: Clients::index_of(slot),
        message_table: call.run.table.entries(&call.run.faults),
    }
}

/// Frees the slot of `index` and closes the connection that gets the reply. They are the same
/// if a client unregisters itself.
fn sockclnt_delete(call: &mut Call<'_>, request: SockclntDelete) -> SockclntDeleteReply {
    if call.destination().is_none() {
        return SockclntDeleteReply::default();
    }
    let slot = Clients::slot_of(request.index);
    let response = match call.run.clients.get(slot) {
        Some(_) => {
            call.unregister(slot);
            1
        }
        None => -1,
    };
    SockclntDeleteReply { response }
}

fn get_first_msg_id(call: &mut Call<'_>, request: GetFirstMsgId) -> GetFirstMsgIdReply {
    let mut known = MODULES.iter();
    let known = known.find(|(module, crc)| request.name == *format!("{module}_{crc:08x}"));
    let first = known.and_then(|(module, _)| call.run.table.first_id_of(module));
    let first = first.ok_or(VppError::INVALID_VALUE);
    GetFirstMsgIdReply {
        retval: code(&first),
        first_msg_id: first.unwrap_or(u16::MAX),
    }
}

fn get_api_json(call: &mut Call<'_>, _: GetApiJson) -> GetApiJsonReply {
    let release = call.release();
    GetApiJsonReply {
        retval: 0,
        json: crate::api_json::text(release, |name| release.has(name)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::MODULES;
    use crate::handlers::Dispatcher;

    #[test]
    fn every_module_has_a_crc() {
        for known in Dispatcher::new().known() {
            let has_crc = MODULES.iter().any(|(name, _)| *name == known.module);
            assert!(has_crc, "{} has no CRC", known.module);
        }
    }
}
