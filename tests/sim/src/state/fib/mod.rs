//! The routes of one table.

mod connected;
mod path;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;

pub(super) use connected::interface_routes;
pub use path::{PathKind, RoutePath};

/// The source of a route, by descending rank. VPP shows the first source of a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RouteSource {
    /// VPP's own: multicast, broadcast, link-local.
    Special,
    /// An address of an interface that is up.
    Interface,
    /// `ip_route_add_del`.
    Api,
    /// `ip6nd_proxy_add_del`.
    NdProxy,
    /// A neighbor.
    Neighbor,
    /// VPP's default route, which drops.
    Default,
}

/// One path of a prefix and its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sourced {
    source: RouteSource,
    /// The interface address that adds it. Several addresses may add the same path.
    owner: Option<IpAddr>,
    path: RoutePath,
}

/// A prefix and its paths from all sources.
#[derive(Debug, Clone)]
struct Entry {
    /// The prefix in the API. IPv4 keeps the host bits of the route that came first.
    shown: IpNet,
    /// The `stats_index` in the API.
    stats_index: u32,
    paths: Vec<Sourced>,
}

/// The result of a lookup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The destinations. Host bits have no meaning: VPP shows those that came first.
    pub prefix: IpNet,
    /// Its source.
    pub source: RouteSource,
    /// The paths, in VPP's order.
    pub paths: Vec<RoutePath>,
    /// The index of its counters.
    pub stats_index: u32,
}

/// The routes of one table. As in VPP, they outlive the table: the next table in its slot
/// has them.
#[derive(Debug)]
pub(super) struct Fib {
    /// The id of the last table in this slot.
    pub(super) table_id: u32,
    entries: BTreeMap<IpNet, Entry>,
    next_stats_index: u32,
}

impl Fib {
    /// A table with VPP's own routes.
    pub(super) fn new(is_ipv6: bool) -> Self {
        let mut fib = Self {
            table_id: 0,
            entries: BTreeMap::new(),
            next_stats_index: 0,
        };
        let any = if is_ipv6 {
            IpAddr::from([0; 16])
        } else {
            IpAddr::from([0; 4])
        };
        let drop = RoutePath::nowhere(PathKind::Drop, any);
        let mut own = vec![(RouteSource::Default, any, 0, drop)];
        if is_ipv6 {
            let link_local = IpAddr::from([0xfe80, 0, 0, 0, 0, 0, 0, 0]);
            let lookup = RoutePath::nowhere(PathKind::Table, any);
            own.push((RouteSource::Special, link_local, 10, lookup));
        } else {
            for (address, len) in [
                ([224, 0, 0, 0], 4),
                ([240, 0, 0, 0], 4),
                ([0; 4], 32),
                ([255; 4], 32),
            ] {
                own.push((RouteSource::Special, address.into(), len, drop));
            }
        }
        for (source, address, len, path) in own {
            if let Ok(prefix) = IpNet::new(address, len) {
                fib.add(prefix, source, None, path);
            }
        }
        fib
    }

    fn entry(&mut self, prefix: IpNet) -> &mut Entry {
        let next = &mut self.next_stats_index;
        self.entries.entry(prefix.trunc()).or_insert_with(|| {
            *next += 1;
            Entry {
                shown: match prefix {
                    IpNet::V4(_) => prefix,
                    IpNet::V6(_) => prefix.trunc(),
                },
                stats_index: *next,
                paths: Vec::new(),
            }
        })
    }

    /// Adds a path. Replaces an equal path of the same source and owner.
    pub(super) fn add(
        &mut self,
        prefix: IpNet,
        source: RouteSource,
        owner: Option<IpAddr>,
        path: RoutePath,
    ) {
        let entry = self.entry(prefix);
        let is_same = |it: &&mut Sourced| {
            it.source == source && it.owner == owner && it.path.compare(&path).is_eq()
        };
        let new = Sourced {
            source,
            owner,
            path,
        };
        match entry.paths.iter_mut().find(is_same) {
            Some(known) => *known = new,
            None => entry.paths.push(new),
        }
    }

    /// Sets all paths of a source, including repeated ones.
    pub(super) fn replace(&mut self, prefix: IpNet, source: RouteSource, paths: &[RoutePath]) {
        let entry = self.entry(prefix);
        entry.paths.retain(|it| it.source != source);
        entry.paths.extend(paths.iter().map(|path| Sourced {
            source,
            owner: None,
            path: *path,
        }));
    }

    /// Removes a path of a source. Does nothing if it is missing.
    pub(super) fn remove(
        &mut self,
        prefix: IpNet,
        source: RouteSource,
        owner: Option<IpAddr>,
        path: &RoutePath,
    ) {
        self.retain(prefix, |it| {
            it.source != source || it.owner != owner || it.path.compare(path).is_ne()
        });
    }

    /// Removes all paths of a source.
    pub(super) fn clear(&mut self, prefix: IpNet, source: RouteSource) {
        self.retain(prefix, |it| it.source != source);
    }

    fn retain(&mut self, prefix: IpNet, keep: impl Fn(&Sourced) -> bool) {
        let prefix = prefix.trunc();
        let Some(entry) = self.entries.get_mut(&prefix) else {
            return;
        };
        entry.paths.retain(keep);
        if entry.paths.is_empty() {
            self.entries.remove(&prefix);
        }
    }

    /// The route of exactly this prefix.
    pub(super) fn exact(&self, prefix: IpNet) -> Option<Route> {
        Some(self.entries.get(&prefix.trunc())?.route())
    }

    /// The route of the longest prefix that covers this one.
    pub(super) fn longest(&self, prefix: IpNet) -> Option<Route> {
        (0..=prefix.prefix_len()).rev().find_map(|len| {
            let covering = IpNet::new(prefix.addr(), len).ok()?;
            self.exact(covering)
        })
    }

    /// All routes, by prefix.
    pub(super) fn routes(&self) -> impl Iterator<Item = Route> {
        self.entries.values().map(Entry::route)
    }

    /// All routes of all sources, including hidden ones.
    pub(super) fn all_routes(&self) -> impl Iterator<Item = Route> {
        self.entries.values().flat_map(|entry| {
            let mut sources: Vec<_> = entry.paths.iter().map(|it| it.source).collect();
            sources.sort_unstable();
            sources.dedup();
            let routes = sources.into_iter().map(|it| entry.route_of(it));
            routes.collect::<Vec<_>>()
        })
    }

    /// All paths of a source, by prefix.
    pub(super) fn paths_of(&self, source: RouteSource) -> impl Iterator<Item = (IpNet, RoutePath)> {
        self.entries.iter().flat_map(move |(prefix, entry)| {
            let paths = entry.paths.iter().filter(move |it| it.source == source);
            paths.map(|it| (*prefix, it.path))
        })
    }
}

impl Entry {
    /// The route of the source with the highest rank.
    fn route(&self) -> Route {
        let sources = self.paths.iter().map(|it| it.source);
        // An entry without paths is removed at once.
        self.route_of(sources.min().unwrap_or(RouteSource::Default))
    }

    fn route_of(&self, source: RouteSource) -> Route {
        let own = self.paths.iter().filter(|it| it.source == source);
        let mut paths: Vec<RoutePath> = own.map(|it| it.path).collect();
        let preference = |path: &RoutePath| path.preference;
        paths.sort_by(|a, b| preference(a).cmp(&preference(b)).then(a.compare(b)));
        if source == RouteSource::Interface {
            paths.dedup_by(|a, b| a.compare(b).is_eq());
        }
        Route {
            prefix: self.shown,
            source,
            paths,
            stats_index: self.stats_index,
        }
    }
}
