use std::fmt;

use tracing::dispatcher::{Dispatch, with_default};
use vpp_bindings::client::calls::Call;
use vpp_bindings::client::{self, Client};
use vpp_bindings::memif::MemifCreateV2;
use vpp_bindings::wire::{Request, VppError};

use super::{Mode, Role, add_socket, delete_socket, dump_sockets};
use crate::api::mac::check_unicast;
use crate::api::text::fixed;
use crate::api::{Error, InterfaceIndex, MacAddress, Result};

const OPERATION: &str = "create the memif";

/// Parameters for creating a memif.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Create {
    /// The ID of its socket; see [`add_socket`](super::add_socket).
    pub socket_id: u32,
    /// Its ID on that socket.
    pub id: u32,
    /// VPP's end.
    pub role: Role,
    /// The packets that it carries.
    pub mode: Mode,
    /// Its MAC address, chosen by VPP unless set.
    pub mac: Option<MacAddress>,
    /// The size of the rings, a power of two; VPP's default (1024) unless set.
    pub ring_size: Option<u32>,
    /// The size of the buffers; VPP's default (2048) unless set.
    pub buffer_size: Option<u16>,
    /// The receive queues of a slave; 1 unless set.
    pub rx_queues: Option<u8>,
    /// The transmit queues of a slave; 1 unless set.
    pub tx_queues: Option<u8>,
    /// The secret that the peer must have, up to 23 bytes; empty for none.
    pub secret: String,
}

/// Omits the secret, which must not be logged.
impl fmt::Debug for Create {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Create")
            .field("socket_id", &self.socket_id)
            .field("id", &self.id)
            .field("role", &self.role)
            .field("mode", &self.mode)
            .field("mac", &self.mac)
            .field("ring_size", &self.ring_size)
            .field("buffer_size", &self.buffer_size)
            .field("rx_queues", &self.rx_queues)
            .field("tx_queues", &self.tx_queues)
            .field("has_secret", &!self.secret.is_empty())
            .finish()
    }
}

impl Create {
    fn message(&self) -> Result<MemifCreateV2> {
        let ring_size = self.ring_size.unwrap_or(0);
        if ring_size != 0 && !ring_size.is_power_of_two() {
            let why = format!("the ring size {ring_size} is not a power of two");
            return Err(Error::invalid(OPERATION, why));
        }
        if self.mac.is_some() && self.mode == Mode::Ip {
            let why = "a memif in IP mode has no MAC address";
            return Err(Error::invalid(OPERATION, why));
        }
        check_unicast(OPERATION, self.mac)?;
        Ok(MemifCreateV2 {
            role: self.role.into(),
            mode: self.mode.into(),
            rx_queues: self.rx_queues.unwrap_or(1),
            tx_queues: self.tx_queues.unwrap_or(1),
            id: self.id,
            socket_id: self.socket_id,
            ring_size,
            buffer_size: self.buffer_size.unwrap_or(0),
            no_zero_copy: false,
            use_dma: false,
            hw_addr: self.mac.unwrap_or_default(),
            secret: fixed(OPERATION, "the secret", &self.secret)?,
        })
    }
}

/// Creates a memif and returns its index. It is down and has no tag.
///
/// # Errors
/// A parameter is invalid, or VPP refuses. If VPP could not listen on the socket, this function
/// deletes and adds the socket again, so that the next attempt can succeed.
pub async fn create(client: &Client, memif: &Create) -> Result<InterfaceIndex> {
    let message = memif.message()?;
    let created = if client.supports::<MemifCreateV2>() {
        let reply = call_unlogged(client, message).await;
        reply.map(|reply| reply.sw_if_index)
    } else {
        create_v1(client, message).await
    };
    let created = created.map_err(Error::during(OPERATION));
    if let Err(error) = &created
        && matches!(
            error.vpp_error(),
            Some(VppError::SYSCALL_ERROR_4 | VppError::SYSCALL_ERROR_8)
        )
    {
        // VPP's refusal is reported, even if this fails.
        let _ = renew_socket(client, memif.socket_id).await;
    }
    created
}

/// Deletes and adds the socket again after a failed listen, which leaves a wrong reference count.
/// VPP would create the next memif without listening, and deleting that memif would crash VPP.
async fn renew_socket(client: &Client, socket_id: u32) -> Result<()> {
    let sockets = dump_sockets(client).await?;
    // VPP does not delete socket 0.
    let socket = sockets
        .into_iter()
        .find(|it| it.id == socket_id && it.id != 0);
    if let Some(socket) = socket {
        delete_socket(client, socket_id).await?;
        add_socket(client, Some(socket_id), &socket.filename).await?;
    }
    Ok(())
}

#[expect(
    deprecated,
    reason = "VPP up to v23.02 does not have memif_create_v2, the successor"
)]
async fn create_v1(
    client: &Client,
    message: MemifCreateV2,
) -> std::result::Result<InterfaceIndex, client::Error> {
    let request = vpp_bindings::memif::MemifCreate {
        role: message.role,
        mode: message.mode,
        rx_queues: message.rx_queues,
        tx_queues: message.tx_queues,
        id: message.id,
        socket_id: message.socket_id,
        ring_size: message.ring_size,
        buffer_size: message.buffer_size,
        no_zero_copy: message.no_zero_copy,
        hw_addr: message.hw_addr,
        secret: message.secret,
    };
    let reply = call_unlogged(client, request).await?;
    Ok(reply.sw_if_index)
}

/// Queues a request without logging it: the log would contain the secret.
fn call_unlogged<M: Request>(client: &Client, request: M) -> Call<M::Reply> {
    with_default(&Dispatch::none(), || client.call(request))
}
