use super::*;

fn net(text: &str) -> IpNet {
    text.parse().unwrap()
}

fn via(index: u32, next_hop: &str) -> RoutePath {
    RoutePath::normal(index, 0, next_hop.parse().unwrap(), net("10.4.0.0/16"))
}

#[test]
fn the_longest_prefix_wins_and_the_default_route_drops() {
    let mut fib = Fib::new(false);
    fib.replace(net("10.0.0.0/8"), RouteSource::Api, &[via(1, "10.0.0.1")]);
    fib.replace(net("10.4.0.0/16"), RouteSource::Api, &[via(2, "10.0.0.2")]);
    let longest = |prefix| fib.longest(net(prefix)).unwrap();
    assert_eq!(longest("10.4.1.1/32").paths[0].sw_if_index, 2);
    assert_eq!(longest("10.4.0.0/15").paths[0].sw_if_index, 1);
    let default = longest("11.0.0.0/8");
    assert_eq!(default.prefix, net("0.0.0.0/0"));
    assert_eq!(default.paths[0].kind, PathKind::Drop);
    assert_eq!(fib.exact(net("10.4.1.1/32")), None);
}

#[test]
fn paths_are_sorted_as_vpp_sorts_them() {
    let mut fib = Fib::new(false);
    let paths = [
        via(u32::MAX, "10.0.0.2"),
        via(9, "10.0.0.9"),
        via(8, "0.0.0.0"),
        via(8, "10.0.0.7"),
        via(8, "10.0.0.6"),
    ];
    fib.replace(net("10.4.0.0/16"), RouteSource::Api, &paths);
    let route = fib.exact(net("10.4.0.0/16")).unwrap();
    let order: Vec<_> = route
        .paths
        .iter()
        .map(|path| path.next_hop.to_string())
        .collect();
    assert_eq!(
        order,
        ["10.0.0.6", "10.0.0.7", "10.0.0.9", "0.0.0.0", "10.0.0.2"]
    );
}

#[test]
fn ip4_keeps_the_first_host_bits() {
    for (is_ipv6, first, second, shown) in [
        (false, "10.4.0.9/16", "10.4.0.8/16", "10.4.0.9/16"),
        (true, "2001:db8::9/64", "2001:db8::8/64", "2001:db8::/64"),
    ] {
        let mut fib = Fib::new(is_ipv6);
        let path = RoutePath::attached(1, net(first).addr());
        fib.replace(net(first), RouteSource::Api, &[path]);
        fib.replace(net(second), RouteSource::Api, &[path]);
        assert_eq!(fib.exact(net(second)).unwrap().prefix, net(shown));
    }
}

#[test]
fn a_source_of_higher_rank_hides_the_others() {
    let mut fib = Fib::new(true);
    let prefix = net("2001:db8::5/128");
    let own = RoutePath::neighbor(1, prefix.addr());
    let other = RoutePath::neighbor(2, prefix.addr());
    fib.add(prefix, RouteSource::Neighbor, None, own);
    fib.add(prefix, RouteSource::NdProxy, None, other);
    assert_eq!(fib.exact(prefix).unwrap().paths, [other]);
    fib.remove(prefix, RouteSource::NdProxy, None, &other);
    assert_eq!(fib.exact(prefix).unwrap().paths, [own]);
    fib.clear(prefix, RouteSource::Neighbor);
    assert_eq!(fib.exact(prefix), None);
}
