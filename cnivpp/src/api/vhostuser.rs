//! vhost-user interfaces.

use vpp_bindings::client::{self, Client};
use vpp_bindings::vhost_user::{
    CreateVhostUserIfV2, CreateVhostUserIfV2Reply, DeleteVhostUserIf, SwInterfaceVhostUserDetails,
    SwInterfaceVhostUserDump,
};
use vpp_bindings::wire::VppError;

use super::infra::{AnyOf, key};
use super::mac::check_unicast;
use super::text::{fixed, socket_path};
use super::{Error, InterfaceIndex, MacAddress, Result};

/// The messages that this module needs.
#[expect(deprecated, reason = "an old VPP has no other create_vhost_user_if")]
pub const NEEDS: &[AnyOf] = &[
    &[
        key::<CreateVhostUserIfV2>(),
        key::<vpp_bindings::vhost_user::CreateVhostUserIf>(),
    ],
    &[key::<DeleteVhostUserIf>()],
    &[key::<SwInterfaceVhostUserDump>()],
    &[key::<SwInterfaceVhostUserDetails>()],
];

const OPERATION: &str = "create the vhost-user interface";

/// Parameters for creating a vhost-user interface.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Create {
    /// The socket's path, as VPP sees it.
    pub filename: String,
    /// Whether VPP listens on the socket. Otherwise it connects.
    pub is_server: bool,
    /// The last number of its name, chosen by VPP unless set. VPP does not check that it is free.
    pub instance: Option<u32>,
    /// Its MAC address, chosen by VPP unless set.
    pub mac: Option<MacAddress>,
    /// Segmentation offload.
    pub gso: bool,
    /// Packed rings.
    pub packed: bool,
    /// Its tag, up to 63 bytes; empty for none.
    pub tag: String,
}

/// One vhost-user interface, as VPP shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct VhostUser {
    /// Its index.
    pub sw_if_index: InterfaceIndex,
    /// Its name.
    pub name: String,
    /// The socket's path.
    pub filename: String,
    /// Whether VPP listens on the socket.
    pub is_server: bool,
    /// The number of memory regions that the peer shares; 0 without a peer.
    pub regions: u32,
    /// The `errno` of a client's last attempt to connect.
    pub socket_error: i32,
}

impl From<SwInterfaceVhostUserDetails> for VhostUser {
    fn from(details: SwInterfaceVhostUserDetails) -> Self {
        Self {
            sw_if_index: details.sw_if_index,
            name: details.interface_name.to_string_lossy().into_owned(),
            filename: details.sock_filename.to_string_lossy().into_owned(),
            is_server: details.is_server,
            regions: details.num_regions,
            socket_error: details.sock_errno,
        }
    }
}

impl Create {
    fn message(&self) -> Result<CreateVhostUserIfV2> {
        socket_path(OPERATION, &self.filename)?;
        check_unicast(OPERATION, self.mac)?;
        Ok(CreateVhostUserIfV2 {
            is_server: self.is_server,
            sock_filename: fixed(OPERATION, "the socket's path", &self.filename)?,
            renumber: self.instance.is_some(),
            enable_gso: self.gso,
            enable_packed: self.packed,
            custom_dev_instance: self.instance.unwrap_or(0),
            use_custom_mac: self.mac.is_some(),
            mac_address: self.mac.unwrap_or_default(),
            tag: fixed(OPERATION, "the tag", &self.tag)?,
            ..Default::default()
        })
    }
}

/// Creates a vhost-user interface and returns its index. It is down.
///
/// # Errors
/// A parameter is invalid, or VPP refuses. [`Error::Exists`] has the interface that already uses
/// the socket. It belongs to another owner: do not delete it.
pub async fn create(client: &Client, vhost: &Create) -> Result<InterfaceIndex> {
    let message = vhost.message()?;
    if client.supports::<CreateVhostUserIfV2>() {
        let created = client.call(message).await;
        let index = |reply: &CreateVhostUserIfV2Reply| reply.sw_if_index;
        return match created {
            Ok(reply) => Ok(reply.sw_if_index),
            Err(error) => Err(refused(index, error)),
        };
    }
    create_v1(client, message).await
}

fn refused<R: vpp_bindings::wire::Reply>(
    index: impl Fn(&R) -> InterfaceIndex,
    source: client::Error,
) -> Error {
    let exists = source.vpp_error() == Some(VppError::IF_ALREADY_EXISTS);
    match source.reply::<R>().map(index) {
        Some(sw_if_index) if exists => Error::Exists {
            operation: OPERATION,
            sw_if_index,
            source,
        },
        _ => Error::during(OPERATION)(source),
    }
}

#[expect(
    deprecated,
    reason = "a VPP older than create_vhost_user_if_v2 has only this"
)]
async fn create_v1(client: &Client, message: CreateVhostUserIfV2) -> Result<InterfaceIndex> {
    use vpp_bindings::vhost_user::{CreateVhostUserIf, CreateVhostUserIfReply};
    let request = CreateVhostUserIf {
        is_server: message.is_server,
        sock_filename: message.sock_filename,
        renumber: message.renumber,
        disable_mrg_rxbuf: message.disable_mrg_rxbuf,
        disable_indirect_desc: message.disable_indirect_desc,
        enable_gso: message.enable_gso,
        enable_packed: message.enable_packed,
        custom_dev_instance: message.custom_dev_instance,
        use_custom_mac: message.use_custom_mac,
        mac_address: message.mac_address,
        tag: message.tag,
    };
    match client.call(request).await {
        Ok(reply) => Ok(reply.sw_if_index),
        Err(error) => Err(refused(
            |reply: &CreateVhostUserIfReply| reply.sw_if_index,
            error,
        )),
    }
}

/// All vhost-user interfaces.
///
/// # Errors
/// VPP does not answer, or does not have the vhost plugin.
pub async fn dump(client: &Client) -> Result<Vec<VhostUser>> {
    let all = client.dump(SwInterfaceVhostUserDump::default()).all().await;
    let all = all.map_err(Error::during("list the vhost-user interfaces"))?;
    Ok(all.into_iter().map(VhostUser::from).collect())
}

/// Deletes a vhost-user interface. VPP removes the socket file that it listened on.
///
/// # Errors
/// VPP refuses: no vhost-user interface has that index.
pub async fn delete(client: &Client, sw_if_index: InterfaceIndex) -> Result<()> {
    let deleted = client.call(DeleteVhostUserIf { sw_if_index }).await;
    deleted.map_err(Error::during("delete the vhost-user interface"))?;
    Ok(())
}
