use std::net::IpAddr;

use ipnet::IpNet;

use super::path::unspecified;
use super::{PathKind, RoutePath};

/// The routes that an address adds while its interface is up
/// (`ip4_add_interface_routes` and `ip6_add_interface_routes`).
pub(in crate::state) fn interface_routes(
    sw_if_index: u32,
    address: IpNet,
) -> Vec<(IpNet, RoutePath)> {
    let own = address.addr();
    let host = |address: IpAddr| IpNet::from(address);
    let mut routes = vec![(host(own), RoutePath::local(sw_if_index, own))];
    let (len, bits) = (address.prefix_len(), address.max_prefix_len());
    if len == bits {
        return routes;
    }
    routes.push((address, RoutePath::attached(sw_if_index, own)));
    if let IpNet::V4(net) = address {
        let ends = [net.network(), net.broadcast()].map(IpAddr::V4);
        for end in ends.into_iter().filter(|end| *end != own) {
            let path = if len == 31 {
                RoutePath::neighbor(sw_if_index, end)
            } else {
                RoutePath::nowhere(PathKind::Drop, unspecified(own))
            };
            routes.push((host(end), path));
        }
    }
    routes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(text: &str) -> IpNet {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_adds_routes_for_network_host_and_ends() {
        let prefixes = |address: &str| -> Vec<String> {
            let routes = interface_routes(1, net(address));
            routes
                .iter()
                .map(|(prefix, _)| prefix.to_string())
                .collect()
        };
        let expected = ["10.1.0.1/32", "10.1.0.1/24", "10.1.0.0/32", "10.1.0.255/32"];
        assert_eq!(prefixes("10.1.0.1/24"), expected);
        assert_eq!(
            prefixes("10.1.0.0/31"),
            ["10.1.0.0/32", "10.1.0.0/31", "10.1.0.1/32"]
        );
        assert_eq!(prefixes("10.1.0.9/32"), ["10.1.0.9/32"]);
        assert_eq!(
            prefixes("2001:db8::1/64"),
            ["2001:db8::1/128", "2001:db8::1/64"]
        );
    }
}
