//! The container's routes.

use std::net::IpAddr;

use vpp_bindings::client::Client;

use crate::api::route::{self, Path, Route};
use crate::api::{InterfaceIndex, Result};
use crate::handover::{self, Attachment};

/// Adds the routes that VPP does not have, and returns what was added.
pub(super) async fn add(
    client: &Client,
    sw_if_index: InterfaceIndex,
    attachment: &Attachment,
) -> Result<Vec<String>> {
    let mut added = Vec::new();
    for wanted in &attachment.routes {
        // The subnet of an address of the interface.
        let is_own = |it: &handover::Address| it.address.trunc() == wanted.dst;
        if wanted.gw.is_none() && attachment.addresses.iter().any(is_own) {
            continue;
        }
        let next_hop = wanted.gw.or_else(|| gateway(attachment, wanted.dst.addr()));
        let path = Path {
            sw_if_index: Some(sw_if_index),
            next_hop,
        };
        let found = route::lookup(client, 0, wanted.dst, true).await?;
        if found.is_some_and(|it| it.paths == [path]) {
            continue;
        }
        let route = Route {
            table_id: 0,
            prefix: wanted.dst,
            paths: vec![path],
        };
        route::add(client, &route).await?;
        added.push(match next_hop {
            Some(next_hop) => format!("route to {} via {next_hop} added", wanted.dst),
            None => format!("route to {} added", wanted.dst),
        });
    }
    Ok(added)
}

/// The gateway of the same family, for a route that names none.
fn gateway(attachment: &Attachment, family: IpAddr) -> Option<IpAddr> {
    let gateways = attachment.addresses.iter().filter_map(|it| it.gateway);
    let mut same = gateways.filter(|it| it.is_ipv4() == family.is_ipv4());
    same.next()
}
