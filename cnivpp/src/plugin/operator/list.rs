use std::process::ExitCode;

use serde::Serialize;

use super::{CommandContext, table};
use crate::attachment::{Network, Record, State, WantInterface};
use crate::cni::Result;
use crate::plugin::ipam;
use crate::plugin::node::StoredRecord;

/// One attachment, without the secret and the IPAM configuration.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    state: State,
    container_id: String,
    if_name: String,
    network: String,
    pod: Option<String>,
    kind: &'static str,
    role: &'static str,
    socket: String,
    attached_to: String,
    addresses: Vec<String>,
    sw_if_index: Option<u32>,
    tag: String,
}

/// Lists the attachments of this node.
pub(super) fn list(context: &CommandContext) -> Result<ExitCode> {
    let mut rows = Vec::new();
    let mut is_good = true;
    for found in context.node.all_read_only()? {
        match found {
            StoredRecord::Valid(record) => rows.push(Row::new(*record)),
            StoredRecord::Unusable(why) => {
                eprintln!("userspace: {why}");
                is_good = false;
            }
        }
    }
    let headings = [
        "STATE",
        "CONTAINER",
        "IFNAME",
        "NETWORK",
        "KIND",
        "ROLE",
        "INDEX",
        "ATTACHED TO",
        "ADDRESSES",
        "SOCKET",
    ];
    table::print(context.json, &rows, &headings, Row::cells)?;
    Ok(table::status(is_good))
}

impl Row {
    fn new(record: Record) -> Self {
        let want = &record.want;
        let (kind, role) = match &want.interface {
            WantInterface::Memif(it) if it.is_master => ("memif", "master"),
            WantInterface::Memif(_) => ("memif", "slave"),
            WantInterface::VhostUser(it) if it.is_server => ("vhostuser", "server"),
            WantInterface::VhostUser(_) => ("vhostuser", "client"),
        };
        let attached_to = match &want.network {
            Network::None => "-".to_owned(),
            Network::Bridge { id } => format!("bridge {id}"),
            Network::Layer3(it) => format!("table {}", it.table),
        };
        let addresses = ipam::routed_addresses(want).iter();
        Self {
            state: record.state,
            kind,
            role,
            attached_to,
            addresses: addresses.map(ToString::to_string).collect(),
            pod: record.pod.map(|it| format!("{}/{}", it.namespace, it.name)),
            socket: record.want.socket.vpp,
            container_id: record.id.container_id,
            if_name: record.id.if_name,
            network: record.network,
            sw_if_index: record.sw_if_index,
            tag: record.tag,
        }
    }

    fn cells(&self) -> Vec<String> {
        let state = match self.state {
            State::Adding => "adding",
            State::Ready => "ready",
            State::Deleting => "deleting",
        };
        let index = self.sw_if_index.map_or("-".to_owned(), |it| it.to_string());
        vec![
            state.to_owned(),
            self.container_id.clone(),
            self.if_name.clone(),
            self.network.clone(),
            self.kind.to_owned(),
            self.role.to_owned(),
            index,
            self.attached_to.clone(),
            self.addresses.join(","),
            self.socket.clone(),
        ]
    }
}
