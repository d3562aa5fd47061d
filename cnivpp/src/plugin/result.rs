//! The result of ADD.

use std::path::Path;

use crate::attachment::{Record, Want};
use crate::cni::result::Interface;
use crate::cni::{Attachment, Call, CniResult, Error, Result};

/// Returns the result of the previous plugin in the chain.
///
/// # Errors
/// When that plugin already created this interface.
pub(super) fn previous(
    call: &Call,
    attachment: &Attachment,
    netns: &Path,
) -> Result<Option<CniResult>> {
    let previous = call.conf.prev_result()?;
    let sandbox = netns.to_string_lossy();
    let is_this = |it: &Interface| {
        it.name == attachment.if_name && it.sandbox.as_deref() == Some(sandbox.as_ref())
    };
    let exists = previous
        .as_ref()
        .is_some_and(|it| it.interfaces.iter().any(is_this));
    if exists {
        let name = &attachment.if_name;
        let why = format!("the previous plugin in the chain already created {name}");
        return Err(Error::config(why));
    }
    Ok(previous)
}

/// Adds this interface to the result of the previous plugins.
pub(super) fn build(
    call: &Call,
    record: &Record,
    previous: Option<CniResult>,
    mut allocated: CniResult,
) -> CniResult {
    let mut result = previous.unwrap_or_default();
    let index = result.interfaces.len();
    let want = &record.want;
    result.interfaces.push(Interface {
        name: record.id.if_name.clone(),
        mac: want.pod_mac.map(|it| it.to_string()),
        mtu: want.mtu,
        sandbox: record.netns.clone(),
        socket_path: socket_path(want),
        ..Interface::default()
    });
    for ip in &mut allocated.ips {
        ip.interface = Some(index);
    }
    result.ips.append(&mut allocated.ips);
    result.routes.append(&mut allocated.routes);
    // DNS settings of the configuration take precedence over those of IPAM.
    let dns = [&call.conf.dns, &allocated.dns]
        .into_iter()
        .find(|it| !it.is_empty());
    if let Some(dns) = dns {
        result.dns = dns.clone();
    }
    result
}

/// Returns the path of the socket on the host, for the key `socketPath`.
fn socket_path(want: &Want) -> Option<String> {
    let file = want.socket.host.as_ref()?;
    Some(file.path().to_string_lossy().into_owned())
}
