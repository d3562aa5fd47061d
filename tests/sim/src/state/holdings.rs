//! A text of all objects of a VPP, for comparison.

use std::fmt::Write;

use super::memif_socket::Listener;
use super::{Bridge, Interface, InterfaceKind, MemifSocket, Route, RouteSource, Vhost, VppState};

impl VppState {
    /// Returns one line per object, sorted. Two texts are equal exactly if the same objects exist
    /// with the same properties.
    ///
    /// The text leaves out data that is not configured: the state of id generators, message
    /// ids, pending events and the clients that registered for them.
    ///
    /// ```
    /// # use vpp_sim::{Release, state::VppState};
    /// let mut state = VppState::new(Release::LATEST, "/run/vpp".into(), 1);
    /// let before = state.holdings();
    /// state.add_loopbacks(1).unwrap();
    /// assert_ne!(state.holdings(), before);
    /// ```
    #[must_use]
    pub fn holdings(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        lines.extend(self.interfaces().map(|it| self.interface_line(it)));
        lines.extend(self.memif_sockets().map(memif_socket_line));
        lines.extend(
            self.memifs()
                .map(|it| format!("memif {}: {:?}", it.sw_if_index, it.request)),
        );
        lines.extend(self.vhosts().map(vhost_line));
        lines.extend(self.taps().map(|it| format!("tap {}: {it:?}", it.id)));
        lines.extend(self.af_packets().map(|it| {
            format!(
                "af_packet {}: interface {}",
                it.host_if_name, it.sw_if_index
            )
        }));
        lines.extend(self.bridges().map(bridge_line));
        for (is_ipv6, family) in [(false, "ip4"), (true, "ip6")] {
            lines.extend(self.tables(is_ipv6).map(|it| {
                let locked = if it.locked { "" } else { ", deleted" };
                format!("table {family} {}: {:?}{locked}", it.id, it.name)
            }));
            for (slot, fib) in self.fibs(is_ipv6) {
                let id = fib.table_id;
                let exists = self.table_slot(is_ipv6, id) == Some(slot);
                let table = if exists {
                    format!("{id}")
                } else {
                    format!("{id} (deleted)")
                };
                let own = [RouteSource::Special, RouteSource::Default];
                let routes = fib.all_routes();
                let routes = routes.filter(|route| exists || !own.contains(&route.source));
                lines.extend(routes.map(|route| route_line(family, &table, &route)));
            }
        }
        lines.extend(self.addresses.all().map(|it| {
            let (address, len, table) = (it.address, it.len, it.table);
            format!(
                "address {address}/{len}: interface {}, table {table}",
                it.sw_if_index
            )
        }));
        lines.extend(self.neighbors().map(|it| {
            let (mac, flags) = (mac(&it.mac), it.flags);
            format!(
                "neighbor {} {}: {mac}, flags {flags}",
                it.sw_if_index, it.address
            )
        }));
        lines.extend(
            self.proxy_arp_ranges()
                .map(|(table, it)| format!("proxy_arp range {table} {} to {}", it.low, it.high)),
        );
        let indices = self.proxy_arp_indices();
        lines.extend(indices.map(|index| format!("proxy_arp index {index}")));
        lines.sort();
        lines
            .iter()
            .flat_map(|line| [line.as_str(), "\n"])
            .collect()
    }

    fn interface_line(&self, it: &Interface) -> String {
        let mut line = format!("interface {}: {}, {:?}", it.sw_if_index, it.name, it.kind);
        let mut add = |name: &str, value: &dyn std::fmt::Display| {
            // Writing to a string is infallible.
            let _ = write!(line, ", {name} {value}");
        };
        if matches!(it.kind, InterfaceKind::Vlan(_)) {
            add("on", &it.parent);
        }
        if let Some(address) = it.mac {
            add("mac", &mac(&address));
        }
        add("flags", &it.flags());
        add("mtu", &format!("{:?} of {}", it.mtu, it.link_mtu));
        if !it.tag.is_empty() {
            add("tag", &format!("{:?}", it.tag));
        }
        if it.tables != [0, 0] {
            add("tables", &format!("{:?}", it.tables));
        }
        if let Some(link_local) = it.link_local {
            add("ip6", &format!("{link_local} for {} reasons", it.ip6_locks));
        }
        let bridge = it.bridge.and_then(|slot| self.bridges.get(slot));
        if let Some(bridge) = bridge {
            add("bridge", &bridge.id);
        }
        if let Some(unnumbered) = it.unnumbered {
            add("unnumbered", &unnumbered.of);
        }
        let properties = [
            (it.peer, "peer"),
            (it.no_flood, "no flood"),
            (it.proxy_arp, "proxy ARP"),
            (it.nd_mirror, "ND mirror"),
        ];
        for (_, name) in properties.iter().filter(|(is_set, _)| *is_set) {
            add(name, &"on");
        }
        line
    }
}

fn memif_socket_line(it: &MemifSocket) -> String {
    let listener = match it.listener {
        Listener::None => "no listener",
        Listener::Open(_) => "listens",
        Listener::Broken => "broken listener",
    };
    let mut members: Vec<_> = it.members.iter().collect();
    members.sort_unstable();
    let (id, name, users) = (it.id, &it.filename, it.references);
    // Without users, VPP keeps the members and does not use them again.
    let members = if users == 0 { Vec::new() } else { members };
    format!("memif_socket {id}: {name:?}, {users} users {members:?}, {listener}")
}

fn vhost_line(it: &Vhost) -> String {
    let role = if it.is_server() { "server" } else { "client" };
    format!("vhost {}: {role}, {:?}", it.sw_if_index, it.request)
}

fn bridge_line(it: &Bridge) -> String {
    let mut line = format!("bridge {}: {:?}, tag {:?}", it.id, it.flags, it.tag);
    let mut members: Vec<_> = it.members.iter().collect();
    members.sort_by_key(|member| member.sw_if_index);
    let members = members
        .iter()
        .map(|it| format!(" {}/{}", it.sw_if_index, it.shg));
    // Writing to a string is infallible.
    let _ = write!(line, ", age {}, members", it.mac_age);
    line.extend(members);
    for (name, port) in [("bvi", it.bvi), ("uu_fwd", it.uu_fwd)] {
        if let Some(port) = port {
            let _ = write!(line, ", {name} {port}");
        }
    }
    line
}

fn route_line(family: &str, table: &str, route: &Route) -> String {
    let source = match route.source {
        RouteSource::Special => "special",
        RouteSource::Interface => "interface",
        RouteSource::Api => "api",
        RouteSource::NdProxy => "nd_proxy",
        RouteSource::Neighbor => "neighbor",
        RouteSource::Default => "default",
    };
    let paths = route.paths.iter().map(|path| {
        let (kind, next_hop) = (path.kind, path.next_hop);
        let (weight, preference) = (path.weight, path.preference);
        let target = match path.sw_if_index {
            u32::MAX => format!("table {}", path.table_id),
            index => format!("interface {index}"),
        };
        format!("{kind:?} {next_hop} {target} {weight}/{preference}")
    });
    let paths: Vec<_> = paths.collect();
    format!(
        "route {family} {table} {} {source}: {}",
        route.prefix,
        paths.join("; ")
    )
}

fn mac(mac: &super::Mac) -> String {
    let bytes: Vec<_> = mac.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(":")
}
