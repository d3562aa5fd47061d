//! The steps, one file per kind of object.

mod address;
mod admin_up;
mod bridge;
mod folder;
mod gateway;
mod member;
mod memif;
mod memif_socket;
mod mtu;
mod pod_route;
mod proxy_arp;
mod rx_mode;
mod socket_access;
mod table;
mod tag;
mod unnumbered;
mod vhost_user;

pub use address::Address;
pub use admin_up::AdminUp;
pub use bridge::Bridge;
pub use folder::Folder;
pub use gateway::{GATEWAY_TAG, Gateway};
pub use member::Member;
pub use memif::Memif;
pub use memif_socket::MemifSocket;
pub use mtu::Mtu;
pub use pod_route::PodRoute;
pub use proxy_arp::ProxyArp;
pub use rx_mode::RxMode;
pub use socket_access::SocketAccess;
pub use table::Table;
pub use tag::Tag;
pub use unnumbered::Unnumbered;
pub use vhost_user::VhostUser;

use super::step::At;
use super::{Error, Result};
use crate::api::InterfaceIndex;
use crate::api::interface::{self, Interface};

impl At<'_> {
    /// The interface that the steps before have made or found.
    fn interface(&self, operation: &str) -> Result<InterfaceIndex> {
        self.numbers.interface.ok_or_else(|| Error::Conflict {
            what: format!("cannot {operation}: the interface does not exist"),
        })
    }

    /// What VPP shows of the owner's interface; asks VPP once per walk. `None` if the interface
    /// does not exist or has another tag.
    async fn shown(&mut self) -> Result<Option<&Interface>> {
        if self.numbers.shown.is_none()
            && let Some(index) = self.numbers.interface
        {
            self.numbers.shown = interface::find(self.client, index).await?;
        }
        let owner = self.owner;
        Ok(self.numbers.shown.as_ref().filter(|it| it.tag == owner))
    }

    /// Whether nothing that changes the interface is done, so that it need not be looked for.
    fn is_untouched(&self) -> bool {
        self.is_fresh || self.numbers.is_new
    }

    /// Whether the interface is still the owner's. Asks VPP each time.
    async fn is_still_ours(&mut self) -> Result<bool> {
        self.numbers.shown = None;
        Ok(self.shown().await?.is_some())
    }

    /// Finds the interface that has the owner's tag: first by the number that is known, then
    /// among all interfaces.
    async fn find_tagged(&mut self) -> Result<Option<InterfaceIndex>> {
        if self.shown().await?.is_some() {
            return Ok(self.numbers.interface);
        }
        self.numbers.interface = None;
        self.numbers.shown = None;
        if self.is_fresh {
            return Ok(None);
        }
        let all = interface::dump(self.client).await?;
        let found = all.into_iter().find(|it| it.tag == self.owner);
        self.numbers.interface = found.as_ref().map(|it| it.sw_if_index);
        self.numbers.shown = found;
        Ok(self.numbers.interface)
    }
}
