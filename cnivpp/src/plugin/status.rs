use std::path::Path;

use super::context::{Context, connect};
use super::{failure, resolve};
use crate::attachment::Id;
use crate::cni::error::code;
use crate::cni::ipam::Forwarded;
use crate::cni::{Call, Delegate, Error, Requested, Result};
use crate::engine::Limits;

/// Reports whether ADD can be served: VPP is reachable and has the messages that the configuration
/// needs, and IPAM is ready.
pub(super) async fn status(call: &Call) -> Result<()> {
    let context = Context::new(call)?;
    let conf = &context.conf;
    // All attachments of this configuration need the same messages.
    let id = Id::new("status", "status");
    let netns = Path::new("/var/run/netns/status");
    let want = resolve::want(
        conf,
        &call.conf.name,
        &id,
        netns,
        &Requested::default(),
        None,
    )?;
    let socket = &conf.vpp_socket;
    let vpp = connect(socket, Limits::until(context.work_deadline)).await;
    let vpp = vpp.map_err(|error| error.with_code(code::IMPAIRED))?;
    let missing = vpp.missing(&want);
    let answers = vpp.check_alive().await;
    vpp.close().await;
    if let Err(error) = answers {
        return Err(failure::of_vpp(&error, socket).with_code(code::IMPAIRED));
    }
    if !missing.is_empty() {
        return Err(Error::not_available(failure::missing_messages(&missing)));
    }
    if let Some(delegate) = Delegate::of_call(call, context.deadline)
        && let Forwarded::TooOld(versions) = delegate.status().await?
    {
        let plugin = delegate.plugin();
        let versions = versions.join(", ");
        tracing::info!("{plugin} does not support STATUS; it supports {versions}");
    }
    Ok(())
}
