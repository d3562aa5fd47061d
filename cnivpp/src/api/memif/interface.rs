use vpp_bindings::client::Client;
use vpp_bindings::interface_types::IfStatusFlags;
use vpp_bindings::memif::{MemifDelete, MemifDetails, MemifDump, MemifMode, MemifRole};

use crate::api::{Error, InterfaceIndex, MacAddress, Result};

/// VPP's end of a memif.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// VPP listens on the socket.
    #[default]
    Master,
    /// VPP connects to the socket.
    Slave,
}

/// The packets that a memif carries. Other modes crash VPP and are not offered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Ethernet frames.
    #[default]
    Ethernet,
    /// IP packets. The interface has no MAC address and cannot join a bridge domain.
    Ip,
}

impl From<Role> for MemifRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Master => Self::MASTER,
            Role::Slave => Self::SLAVE,
        }
    }
}

impl From<Mode> for MemifMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Ethernet => Self::ETHERNET,
            Mode::Ip => Self::IP,
        }
    }
}

/// One memif, as VPP shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Memif {
    /// Its index.
    pub sw_if_index: InterfaceIndex,
    /// Its name.
    pub name: String,
    /// Its ID on the socket.
    pub id: u32,
    /// The socket's ID.
    pub socket_id: u32,
    /// VPP's end.
    pub role: MemifRole,
    /// The packets that it carries.
    pub mode: MemifMode,
    /// Its MAC address; all zero in IP mode.
    pub mac: MacAddress,
    /// The size of the rings, once negotiated.
    pub ring_size: u32,
    /// The size of the buffers, once negotiated.
    pub buffer_size: u16,
    /// Whether it is set up.
    pub admin_up: bool,
    /// Whether the peer is connected.
    pub link_up: bool,
}

impl From<MemifDetails> for Memif {
    fn from(details: MemifDetails) -> Self {
        let has = |flag: IfStatusFlags| details.flags.0 & flag.0 != 0;
        Self {
            sw_if_index: details.sw_if_index,
            name: details.if_name.to_string_lossy().into_owned(),
            id: details.id,
            socket_id: details.socket_id,
            role: details.role,
            mode: details.mode,
            mac: details.hw_addr,
            ring_size: details.ring_size,
            buffer_size: details.buffer_size,
            admin_up: has(IfStatusFlags::ADMIN_UP),
            link_up: has(IfStatusFlags::LINK_UP),
        }
    }
}

/// All memifs.
///
/// # Errors
/// VPP does not answer, or does not have the memif plugin.
pub async fn dump(client: &Client) -> Result<Vec<Memif>> {
    let all = client.dump(MemifDump {}).all().await;
    let all = all.map_err(Error::during("list the memifs"))?;
    Ok(all.into_iter().map(Memif::from).collect())
}

/// Deletes a memif. VPP keeps its socket.
///
/// # Errors
/// VPP refuses: no memif has that index.
pub async fn delete(client: &Client, sw_if_index: InterfaceIndex) -> Result<()> {
    let deleted = client.call(MemifDelete { sw_if_index }).await;
    deleted.map_err(Error::during("delete the memif"))?;
    Ok(())
}
