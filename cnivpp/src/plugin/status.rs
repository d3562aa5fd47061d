use std::path::Path;

use super::context::{Context, connect};
use super::{failure, resolve};
use crate::attachment::Id;
use crate::cni::error::code;
use crate::cni::ipam::Forwarded;
use crate::cni::{Call, Delegate, Error, Requested, Result};
use crate::engine::Limits;

/// Reports whether ADD can be served: VPP is reachable and has what this configuration needs,
/// and so does IPAM.
pub(super) async fn status(call: &Call) -> Result<()> {
    let context = Context::new(call)?;
    let conf = &context.conf;
    // Any attachment of this configuration needs the same messages.
    let id = Id::new("status", "status");
    let netns = Path::new("/var/run/netns/status");
    let want = resolve::want(conf, &call.conf.name, &id, netns, &Requested::default())?;
    let socket = &conf.vpp_socket;
    let vpp = connect(socket, Limits::until(context.work_by)).await;
    let vpp = vpp.map_err(|error| error.with_code(code::IMPAIRED))?;
    let missing = vpp.missing(&want);
    let answers = vpp.answers().await;
    vpp.close().await;
    if let Err(error) = answers {
        return Err(failure::of_vpp(&error, socket).with_code(code::IMPAIRED));
    }
    if !missing.is_empty() {
        let why = format!(
            "this VPP cannot serve the configuration: {}",
            missing.join(", ")
        );
        return Err(Error::not_available(why));
    }
    if let Some(delegate) = Delegate::of_call(call, context.deadline)
        && let Forwarded::TooOld(versions) = delegate.status().await?
    {
        let plugin = delegate.plugin();
        tracing::info!(
            "{plugin} has no STATUS; it supports {}",
            versions.join(", ")
        );
    }
    Ok(())
}
