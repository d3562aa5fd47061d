use std::collections::BTreeSet;

use crate::netconf::*;

#[test]
fn the_table_lists_exactly_the_known_keys() {
    let mut expected: BTreeSet<String> = BTreeSet::new();
    let objects = ["paths", "memif", "vhost", "bridge"];
    let plain = top::KEYS.iter().chain(side::KEYS);
    expected.extend(
        plain
            .filter(|it| !objects.contains(it))
            .map(|it| (*it).to_owned()),
    );
    for (object, keys) in [
        ("memif", memif::KEYS),
        ("vhost", vhost::KEYS),
        ("paths", &["host", "vpp", "pod"]),
        ("bridge", &["bridgeName", "bridgeId"]),
    ] {
        expected.extend(keys.iter().map(|key| format!("{object}.{key}")));
    }
    let rows = KEYS
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let found: BTreeSet<String> = rows.map(|(key, _)| key.to_owned()).collect();
    assert_eq!(found, expected);
}
