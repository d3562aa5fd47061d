use std::net::IpAddr;

use ipnet::IpNet;
use vpp_bindings::wire::VppError;

use crate::api::route::{self, Path, Route};
use crate::api::{InterfaceIndex, interface, nd_proxy};
use crate::engine::context::StepContext;
use crate::engine::numbers::Number;
use crate::engine::{Error, Look, Numbers, Result, Undone};

/// The route to one address of the pod, over its interface.
///
/// For IPv6 it is an ND proxy, which adds the same route: VPP then answers for the address to the
/// network's other pods.
///
/// It is undone before the interface: VPP keeps routes over a deleted interface, and applies them
/// to the next one with the same index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PodRoute {
    /// The pod's address.
    pub address: IpAddr,
    /// The table of the network.
    pub table: u32,
    /// Whether the interface carries Ethernet frames, so that the next hop has a MAC address.
    pub is_ethernet: bool,
}

impl PodRoute {
    fn prefix(&self) -> IpNet {
        IpNet::from(self.address)
    }

    fn route(&self, index: InterfaceIndex) -> Route {
        let path = Path {
            sw_if_index: Some(index),
            next_hop: self.is_ethernet.then_some(self.address),
        };
        Route {
            table_id: self.table,
            prefix: self.prefix(),
            paths: vec![path],
        }
    }

    /// The interface of the route on VPP.
    async fn over(&self, context: &StepContext<'_>) -> Result<Option<InterfaceIndex>> {
        let found = match route::lookup(context.client, self.table, self.prefix(), true).await {
            Err(error) if error.vpp_error() == Some(VppError::NO_SUCH_FIB) => None,
            found => found?,
        };
        let paths = found.into_iter().flat_map(|it| it.paths);
        Ok(paths.filter_map(|it| it.sw_if_index).next())
    }

    pub(in crate::engine) async fn look(&self, context: &mut StepContext<'_>) -> Result<Look> {
        if context.is_untouched() {
            return Ok(Look::Missing);
        }
        let over = self.over(context).await?;
        Ok(match (over, context.numbers.interface) {
            (Some(over), Some(index)) if over == index => Look::Present,
            (Some(over), _) => {
                let address = self.address;
                let text = format!("the route to {address} leads over interface {}", over.0);
                Look::Differs(text)
            }
            (None, _) => Look::Missing,
        })
    }

    pub(in crate::engine) async fn apply(&self, context: &mut StepContext<'_>) -> Result<String> {
        let index = context.interface(&self.operation())?;
        if let Some(over) = self.over(context).await?.filter(|it| *it != index)
            && !self.remove_stale(context, over).await?
        {
            // VPP would silently replace the other owner's route.
            let (address, table, over) = (self.address, self.table, over.0);
            let what = format!(
                "{address} is already routed over interface {over} of table {table}: another \
                 attachment has this address"
            );
            return Err(Error::Conflict { what });
        }
        match self.address {
            IpAddr::V6(address) if self.is_ethernet => {
                nd_proxy::add(context.client, index, address).await?;
            }
            _ => route::add(context.client, &self.route(index)).await?,
        }
        let address = self.address;
        Ok(format!("route to {address} over interface {}", index.0))
    }

    /// Removes a route over an interface that no longer exists, and returns whether it did. A
    /// route over an existing interface belongs to another owner.
    async fn remove_stale(&self, context: &StepContext<'_>, over: InterfaceIndex) -> Result<bool> {
        if interface::find(context.client, over).await?.is_some() {
            return Ok(false);
        }
        match self.remove(context, over).await {
            // The ND proxy of a deleted interface cannot be removed.
            Err(error) if is_gone(&error) => Ok(false),
            removed => removed.map(|()| true),
        }
    }

    async fn remove(&self, context: &StepContext<'_>, index: InterfaceIndex) -> Result<()> {
        match self.address {
            IpAddr::V6(address) if self.is_ethernet => {
                nd_proxy::delete(context.client, index, address).await?;
            }
            _ => route::delete(context.client, &self.route(index)).await?,
        }
        Ok(())
    }

    pub(in crate::engine) async fn undo(&self, context: &mut StepContext<'_>) -> Result<Undone> {
        let index = context.find_tagged().await?;
        let Some(over) = self.over(context).await? else {
            return Ok(Undone::Gone);
        };
        if index != Some(over) {
            if !self.remove_stale(context, over).await? {
                return Ok(Undone::Gone);
            }
        } else {
            self.remove(context, over).await?;
        }
        Ok(Undone::Done(format!("route to {} removed", self.address)))
    }

    pub(in crate::engine) fn operation(&self) -> String {
        format!("add the route to {}", self.address)
    }

    pub(in crate::engine) fn describe(&self, numbers: &Numbers) -> String {
        let index = Number(numbers.interface.map(|it| it.0));
        format!("route to {} over interface{index}", self.address)
    }
}

/// Whether VPP refused because the interface does not exist.
fn is_gone(error: &Error) -> bool {
    let refused = error.vpp().and_then(|it| it.vpp_error());
    refused == Some(VppError::INVALID_SW_IF_INDEX)
}
