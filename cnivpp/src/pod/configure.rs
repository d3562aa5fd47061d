//! Configures the container's VPP for one attachment.

use std::net::IpAddr;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use vpp_bindings::client::Client;

use super::plan::{Plan, plan, tag};
use super::report::{InterfaceReport, InterfaceState};
use crate::api::interface::{self, RxMode};
use crate::api::route::{self, Path, Route};
use crate::api::{self, InterfaceIndex};
use crate::engine::{self, Event, Link, Walk, chain};
use crate::handover::{self, Attachment};

/// The pause between two checks whether the other end is connected.
const PAUSE: Duration = Duration::from_millis(50);

/// Reported if the rx mode cannot be set yet.
const NOT_CONNECTED: &str = "the rx mode is not set: VPP has no queues until the other end is \
                             connected; run this again, or with --watch";

/// Applies the steps that VPP lacks of an attachment. Returns the connection and a report. If an rx
/// mode is configured, waits until `connected_by` for the other end.
///
/// Applied steps stay after an error, and the next run continues from there.
pub(super) async fn configure(
    link: Link,
    attachment: &Attachment,
    connected_by: Instant,
) -> (Link, InterfaceReport) {
    let plan = match plan(attachment) {
        Ok(plan) => plan,
        Err(why) => return (link, InterfaceReport::failed(attachment, why)),
    };
    let mut walk = Walk::new(link, tag(attachment), Vec::new());
    let mut added = Vec::new();
    let rx_mode = plan.rx_mode;
    let mut result = apply(&mut walk, plan, attachment, &mut added).await;
    let mut note = None;
    if let (Ok(()), Some(mode), Some(index)) = (&result, rx_mode, walk.numbers().interface) {
        match set_rx_mode(&walk.client(), index, mode, connected_by).await {
            Ok(true) => {}
            Ok(false) => note = Some(NOT_CONNECTED.to_owned()),
            Err(error) => result = Err(error.into()),
        }
    }
    let sw_if_index = walk.numbers().interface.map(|it| it.0);
    let (link, events) = walk.finish();
    let (mut changes, mut present) = (Vec::new(), Vec::new());
    for event in events {
        match event {
            Event::Done(it) => changes.push(it.text),
            Event::Kept(it) => present.push(it.text),
            _ => {}
        }
    }
    changes.extend(added);
    let state = match &result {
        Err(_) => InterfaceState::Failed,
        Ok(()) if changes.is_empty() => InterfaceState::Unchanged,
        Ok(()) => InterfaceState::Configured,
    };
    let outcome = InterfaceReport {
        sw_if_index,
        state,
        changes,
        present,
        note,
        error: result.err().map(|error| chain(&error)),
        ..InterfaceReport::of(attachment)
    };
    (link, outcome)
}

async fn apply(
    walk: &mut Walk<Vec<Event>>,
    plan: Plan,
    attachment: &Attachment,
    added: &mut Vec<String>,
) -> engine::Result<()> {
    for step in plan.steps {
        walk.add(step).await?;
    }
    if let Some(index) = walk.numbers().interface
        && attachment.bridge.is_none()
    {
        added.extend(add_routes(&walk.client(), index, attachment).await?);
    }
    Ok(())
}

/// Sets the rx mode when the other end is connected. Returns whether it is connected.
///
/// VPP ignores the mode of a memif without queues, does not show the mode, and accepts the same
/// mode again.
async fn set_rx_mode(
    client: &Client,
    sw_if_index: InterfaceIndex,
    mode: RxMode,
    connected_by: Instant,
) -> api::Result<bool> {
    loop {
        let shown = interface::find(client, sw_if_index).await?;
        if shown.is_some_and(|it| it.link_up) {
            interface::set_rx_mode(client, sw_if_index, mode).await?;
            return Ok(true);
        }
        if Instant::now() >= connected_by {
            return Ok(false);
        }
        sleep(PAUSE).await;
    }
}

/// Adds the routes that VPP lacks. Returns one text per added route.
async fn add_routes(
    client: &Client,
    sw_if_index: InterfaceIndex,
    attachment: &Attachment,
) -> api::Result<Vec<String>> {
    let mut added = Vec::new();
    for wanted in &attachment.routes {
        // VPP has a route to the subnet of each address of the interface.
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

/// Returns the gateway of an address of the same family, for a route without a next hop.
fn gateway(attachment: &Attachment, family: IpAddr) -> Option<IpAddr> {
    let gateways = attachment.addresses.iter().filter_map(|it| it.gateway);
    let mut same = gateways.filter(|it| it.is_ipv4() == family.is_ipv4());
    same.next()
}
