use std::time::Instant;

use crate::attachment::{Ipam, Record};
use crate::cni::env::{ARGS, CONTAINER_ID, IF_NAME, NETNS, PATH};
use crate::cni::{Call, Conf, Delegate, Environment, Result};

/// What the record of an attachment needs to know of IPAM.
pub(super) fn ipam_of(call: &Call) -> Option<Ipam> {
    let text = |name| {
        let value = call.environment.get(name).unwrap_or_default();
        value.to_string_lossy().into_owned()
    };
    Some(Ipam {
        plugin: call.conf.ipam.clone()?,
        config: String::from_utf8_lossy(&call.conf.raw).into_owned(),
        args: text(ARGS),
        path: text(PATH),
    })
}

/// Releases the addresses of an attachment, with what its record says of IPAM.
pub(super) async fn release(record: &Record, ipam: &Ipam, by: Instant) -> Result<()> {
    delegate(record, ipam, by)?.del().await
}

fn delegate(record: &Record, ipam: &Ipam, by: Instant) -> Result<Delegate> {
    let conf = Conf::parse(ipam.config.clone().into_bytes())?;
    let netns = record.netns.clone().unwrap_or_default();
    let environment = Environment::of_process()
        .with(CONTAINER_ID, &record.id.container_id)
        .with(IF_NAME, &record.id.if_name)
        .with(NETNS, netns)
        .with(PATH, &ipam.path)
        .with(ARGS, &ipam.args);
    let (plugin, raw) = (ipam.plugin.clone(), conf.raw.clone());
    Ok(Delegate::new(plugin, raw, conf.version, environment, by))
}
