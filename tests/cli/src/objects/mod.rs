//! The objects on VPP, as rows of tables.

mod cells;
mod rows;
mod table;

use std::io;

use cnivpp::api::{Result, address, bridge, interface, memif, vhostuser};
use serde::Serialize;
use vpp_bindings::client::Client;
use vpp_bindings::memif::{MemifDump, MemifSocketFilenameDump};
use vpp_bindings::vhost_user::SwInterfaceVhostUserDump;

pub use rows::{AddressRow, BridgeRow, InterfaceRow, MemifRow, SocketRow, VhostRow};

/// The objects on VPP at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Objects {
    /// Every interface.
    pub interfaces: Vec<InterfaceRow>,
    /// Every memif socket; empty without the plugin.
    pub memif_sockets: Vec<SocketRow>,
    /// Every memif; empty without the plugin.
    pub memifs: Vec<MemifRow>,
    /// Every vhost-user interface; empty without the plugin.
    pub vhost_users: Vec<VhostRow>,
    /// Every bridge domain with its members.
    pub bridges: Vec<BridgeRow>,
    /// Every address of every interface.
    pub addresses: Vec<AddressRow>,
}

impl Objects {
    /// Lists everything that these programs can create.
    ///
    /// # Errors
    /// VPP does not answer.
    pub async fn fetch(client: &Client) -> Result<Self> {
        let interfaces = interface::dump(client).await?;
        let mut objects = Self::default();
        for it in &interfaces {
            for address in address::dump(client, it.sw_if_index).await? {
                objects.addresses.push(AddressRow::new(it, address));
            }
        }
        if client.supports::<MemifSocketFilenameDump>() {
            let sockets = memif::dump_sockets(client).await?;
            objects.memif_sockets = sockets.into_iter().map(SocketRow::from).collect();
            objects.memif_sockets.sort_by_key(|it| it.id);
        }
        if client.supports::<MemifDump>() {
            let memifs = memif::dump(client).await?;
            objects.memifs = memifs.into_iter().map(MemifRow::from).collect();
        }
        if client.supports::<SwInterfaceVhostUserDump>() {
            let vhosts = vhostuser::dump(client).await?;
            objects.vhost_users = vhosts.into_iter().map(VhostRow::from).collect();
        }
        let bridges = bridge::dump(client).await?;
        let bridges = bridges.into_iter();
        objects.bridges = bridges.map(|it| BridgeRow::new(it, &interfaces)).collect();
        let interfaces = interfaces.into_iter();
        objects.interfaces = interfaces.map(InterfaceRow::from).collect();
        Ok(objects)
    }

    /// Writes one table per kind that has objects.
    ///
    /// # Errors
    /// Writing to `out` fails.
    pub fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        table::write(out, "interfaces", &self.interfaces)?;
        table::write(out, "memif sockets", &self.memif_sockets)?;
        table::write(out, "memifs", &self.memifs)?;
        table::write(out, "vhost-user interfaces", &self.vhost_users)?;
        table::write(out, "bridge domains", &self.bridges)?;
        table::write(out, "addresses", &self.addresses)
    }
}
