use ipnet::IpNet;

use crate::api::proxy_arp::{self, Range};
use crate::api::{InterfaceIndex, MacAddress, address, interface};
use crate::engine::context::StepContext;
use crate::engine::numbers::Number;
use crate::engine::{Look, Numbers, Result, Undone};

/// The prefix of the tag of every network's gateway.
pub const GATEWAY_TAG: &str = "cni:gw:";

/// The loopback with a network's gateway addresses.
///
/// A subnet can be on one interface per table only, so the interfaces of a network's pods use the
/// addresses of this one (`sw_interface_set_unnumbered`). It belongs to the network, not to an
/// attachment: the first attachment creates it, and the last one removes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gateway {
    /// Its tag, the same for all attachments of the network.
    pub tag: String,
    /// Its MAC address, the same for all attachments of the network. It
    /// identifies the loopback before it has its tag.
    pub mac: MacAddress,
    /// Its table.
    pub table: u32,
    /// The gateway addresses, with the prefix length of their subnets.
    pub addresses: Vec<IpNet>,
}

impl Gateway {
    /// Finds the loopback among all loopbacks. There is one per network.
    async fn find(&self, context: &StepContext<'_>) -> Result<Option<interface::Interface>> {
        let all = interface::dump_named(context.client, "loop").await?;
        let is_this = |it: &interface::Interface| {
            it.tag == self.tag || (it.tag.is_empty() && it.mac == self.mac)
        };
        Ok(all.into_iter().find(is_this))
    }

    pub(in crate::engine) async fn look(&self, context: &mut StepContext<'_>) -> Result<Look> {
        let Some(found) = self.find(context).await? else {
            context.numbers.gateway = None;
            return Ok(Look::Missing);
        };
        context.numbers.gateway = Some(found.sw_if_index);
        if found.tag.is_empty() || !found.admin_up {
            return Ok(Look::Differs("the gateway is not complete".to_owned()));
        }
        let present = address::dump(context.client, found.sw_if_index).await?;
        let missing = self.addresses.iter().find(|it| !present.contains(it));
        Ok(match missing {
            None => Look::Present,
            Some(address) => Look::Differs(format!("the gateway lacks {address}")),
        })
    }

    pub(in crate::engine) async fn apply(&self, context: &mut StepContext<'_>) -> Result<String> {
        let client = context.client;
        let index = match context.numbers.gateway {
            Some(index) => index,
            None => interface::create_loopback(client, Some(self.mac)).await?,
        };
        context.numbers.gateway = Some(index);
        interface::set_tag(client, index, &self.tag).await?;
        let present = address::dump(client, index).await?;
        if self.table != 0 && present.is_empty() {
            for is_ipv6 in [false, true] {
                interface::set_table(client, index, is_ipv6, self.table).await?;
            }
        }
        for address in &self.addresses {
            if !present.contains(address) {
                address::add(client, index, *address).await?;
            }
            if let Some(range) = hosts(*address, self.table) {
                proxy_arp::add_range(client, range.table_id, range.low, range.high).await?;
            }
        }
        interface::set_admin_up(client, index, true).await?;
        Ok(format!("gateway {} on interface {}", self.list(), index.0))
    }

    pub(in crate::engine) async fn undo(&self, context: &mut StepContext<'_>) -> Result<Undone> {
        let Some(found) = self.find(context).await? else {
            return Ok(Undone::Gone);
        };
        let index = found.sw_if_index;
        context.numbers.gateway = Some(index);
        let borrowed = interface::unnumbered(context.client, None).await?;
        let users = borrowed.iter().filter(|(_, lender)| *lender == index);
        let users = users.count();
        if users > 0 {
            return Ok(Undone::Kept(format!("{users} interfaces use it")));
        }
        self.remove(context, index).await?;
        context.numbers.gateway = None;
        let text = format!("gateway {} removed, interface {}", self.list(), index.0);
        Ok(Undone::Done(text))
    }

    /// Removes the proxy ARP ranges, then the loopback. VPP would keep the ranges and answer for
    /// addresses of the subnet's next owner.
    async fn remove(&self, context: &StepContext<'_>, index: InterfaceIndex) -> Result<()> {
        let ranges = proxy_arp::ranges(context.client).await?;
        for address in address::dump(context.client, index).await? {
            if let Some(range) = hosts(address, self.table).filter(|it| ranges.contains(it)) {
                proxy_arp::delete_range(context.client, range.table_id, range.low, range.high)
                    .await?;
            }
        }
        interface::delete_loopback(context.client, index).await?;
        Ok(())
    }

    fn list(&self) -> String {
        let addresses: Vec<String> = self.addresses.iter().map(IpNet::to_string).collect();
        addresses.join(" and ")
    }

    pub(in crate::engine) fn operation(&self) -> String {
        format!("set up the gateway {}", self.list())
    }

    pub(in crate::engine) fn describe(&self, numbers: &Numbers) -> String {
        let index = Number(numbers.gateway.map(|it| it.0));
        format!("gateway {} on interface{index}", self.list())
    }
}

/// The host addresses of an IPv4 subnet.
fn hosts(gateway: IpNet, table_id: u32) -> Option<Range> {
    let IpNet::V4(net) = gateway else {
        return None;
    };
    let low = net.hosts().next()?;
    let last = u32::from(net.broadcast());
    let high = match net.prefix_len() {
        31 | 32 => last,
        _ => last.saturating_sub(1),
    };
    Some(Range {
        table_id,
        low,
        high: high.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn range_excludes_network_and_broadcast_addresses() {
        let of = |text: &str| {
            let range = hosts(text.parse().unwrap(), 7).unwrap();
            (range.low.to_string(), range.high.to_string())
        };
        let pair = |low: &str, high: &str| (low.to_owned(), high.to_owned());
        assert_eq!(of("10.1.0.1/24"), pair("10.1.0.1", "10.1.0.254"));
        assert_eq!(of("10.1.0.4/31"), pair("10.1.0.4", "10.1.0.5"));
        assert_eq!(of("10.1.0.4/32"), pair("10.1.0.4", "10.1.0.4"));
        assert_eq!(hosts("2001:db8::1/64".parse().unwrap(), 0), None);
    }
}
