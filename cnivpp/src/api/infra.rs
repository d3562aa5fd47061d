//! Connecting, VPP's version, and the messages that every program needs.

use vpp_bindings::client::{Builder, Client};
use vpp_bindings::vpe::ShowVersion;
use vpp_bindings::wire::Message;
use vpp_bindings::wire::bootstrap::ControlPing;

use super::{Error, Result};

/// The connected VPP.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Vpp {
    /// Its version, such as `26.06-release`.
    pub version: String,
    /// When it was built.
    pub build_date: String,
    /// Its process ID in VPP's PID namespace.
    pub process_id: u32,
}

/// Messages by name and CRC of which VPP must have one, the preferred first and the oldest last.
///
/// [`MessageTable::check_any`](vpp_bindings::client::table::MessageTable::check_any) reports
/// which a VPP has.
pub type AnyOf = &'static [(&'static str, u32)];

/// The messages that this module needs.
pub const NEEDS: &[AnyOf] = &[&[key::<ShowVersion>()], &[key::<ControlPing>()]];

/// The name and CRC of a message.
pub(crate) const fn key<M: Message>() -> (&'static str, u32) {
    (M::NAME, M::CRC)
}

/// Connects, and spawns the connection on the current tokio runtime.
///
/// # Errors
/// VPP cannot be reached. The error has the path, and what to do.
pub async fn connect(builder: Builder) -> Result<Client> {
    let (client, connection) = builder.connect().await.map_err(Error::during("connect"))?;
    tokio::spawn(connection);
    Ok(client)
}

/// Requests VPP's version and process ID.
///
/// # Errors
/// VPP does not answer.
pub async fn vpp(client: &Client) -> Result<Vpp> {
    let operation = "ask for VPP's version";
    let (version, ping) = (client.call(ShowVersion {}), client.call(ControlPing {}));
    let version = version.await.map_err(Error::during(operation))?;
    let ping = ping.await.map_err(Error::during(operation))?;
    Ok(Vpp {
        version: version.version.to_string_lossy().into_owned(),
        build_date: version.build_date.to_string_lossy().into_owned(),
        process_id: ping.vpe_pid,
    })
}
