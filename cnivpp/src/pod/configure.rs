//! Configures the container's VPP for one attachment.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use vpp_bindings::client::Client;

use super::plan::{Plan, plan, tag};
use super::report::{Outcome, State};
use super::routes;
use crate::api::interface::{self, RxMode};
use crate::api::{self, InterfaceIndex};
use crate::engine::{self, Event, Link, Walk, chain};
use crate::handover::Attachment;

/// How often VPP is asked whether the other end is connected.
const PAUSE: Duration = Duration::from_millis(50);

/// Reported if the rx mode cannot be set yet.
const NOT_CONNECTED: &str = "the rx mode is not set: the other end is not connected yet, and VPP \
                             has no queues before; run this again, or with --watch";

/// Does what VPP lacks of an attachment, and returns the connection and what was done. Waits
/// until `connected_by` for the other end, if something has to wait for it.
///
/// After an error, what was done stays: the next run carries on from there.
pub(super) async fn configure(
    link: Link,
    attachment: &Attachment,
    connected_by: Instant,
) -> (Link, Outcome) {
    let plan = match plan(attachment) {
        Ok(plan) => plan,
        Err(why) => return (link, Outcome::refused(attachment, why)),
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
        Err(_) => State::Failed,
        Ok(()) if changes.is_empty() => State::Unchanged,
        Ok(()) => State::Configured,
    };
    let outcome = Outcome {
        sw_if_index,
        state,
        changes,
        present,
        note,
        error: result.err().map(|error| chain(&error)),
        ..Outcome::of(attachment)
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
        added.extend(routes::add(&walk.client(), index, attachment).await?);
    }
    Ok(())
}

/// Sets the rx mode once the other end is connected; returns whether it is. VPP ignores the mode
/// of a memif that has no queues yet, does not show it, and takes the same mode again.
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
