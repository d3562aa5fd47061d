#![doc = include_str!("../README.md")]

macro_rules! files {
    ($($name:literal,)*) => {
        &[$((
            concat!($name, ".api.json"),
            include_str!(concat!("../v26.06/", $name, ".api.json")),
        )),*]
    };
}

/// The folder with the definitions of VPP 26.06, as `core` and `plugins`.
pub const V26_06: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/v26.06");

/// The folder with the definitions of the newest release in this crate.
pub const LATEST: &str = V26_06;

/// The newest release in this crate.
pub const LATEST_RELEASE: &str = "v26.06";

/// The modules in [`V26_06`], sorted.
pub const MODULES: &[&str] = &[
    "af_packet",
    "arp",
    "ethernet_types",
    "fib_types",
    "interface",
    "interface_types",
    "ip",
    "ip6_nd",
    "ip_neighbor",
    "ip_types",
    "l2",
    "memclnt",
    "memif",
    "mfib_types",
    "ping",
    "tapv2",
    "vhost_user",
    "virtio_types",
    "vlib",
    "vpe",
    "vpe_types",
];

/// The path and text of each file in [`V26_06`]. For programs that are installed without the
/// folder.
pub const FILES: &[(&str, &str)] = files![
    "core/arp",
    "core/ethernet_types",
    "core/fib_types",
    "core/interface",
    "core/interface_types",
    "core/ip",
    "core/ip6_nd",
    "core/ip_neighbor",
    "core/ip_types",
    "core/l2",
    "core/memclnt",
    "core/mfib_types",
    "core/virtio_types",
    "core/vlib",
    "core/vpe",
    "core/vpe_types",
    "plugins/af_packet",
    "plugins/memif",
    "plugins/ping",
    "plugins/tapv2",
    "plugins/vhost_user",
];

/// Documentation of messages and fields, in the text form of `vpp_codegen::Docs`: the name of
/// each file without suffix, and its text. The files name their sources.
pub const DOCS: &[(&str, &str)] = &[
    ("af_packet", include_str!("../docs/af_packet.txt")),
    ("arp", include_str!("../docs/arp.txt")),
    ("common", include_str!("../docs/common.txt")),
    ("interface", include_str!("../docs/interface.txt")),
    ("ip", include_str!("../docs/ip.txt")),
    ("ip6_nd", include_str!("../docs/ip6_nd.txt")),
    ("ip_neighbor", include_str!("../docs/ip_neighbor.txt")),
    ("ip_types", include_str!("../docs/ip_types.txt")),
    ("l2", include_str!("../docs/l2.txt")),
    ("memif", include_str!("../docs/memif.txt")),
    ("ping", include_str!("../docs/ping.txt")),
    ("tapv2", include_str!("../docs/tapv2.txt")),
    ("vhost_user", include_str!("../docs/vhost_user.txt")),
    ("vlib", include_str!("../docs/vlib.txt")),
    ("vpe", include_str!("../docs/vpe.txt")),
];

/// The plugin and module of every message of the releases from v21.06 to v26.06.
///
/// The text has one line per module: `release provider module: message message …`. The provider
/// is `core` or the file of a plugin, such as `memif_plugin.so`. Lines that begin with `#` are
/// comments. Each message occurs once, for the newest release that has it.
pub const PROVIDERS: &str = include_str!("../providers.txt");

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{FILES, LATEST, LATEST_RELEASE, MODULES};

    #[test]
    fn the_folder_has_the_name_of_the_release() {
        let folder = Path::new(LATEST).file_name().unwrap();
        assert_eq!(folder, LATEST_RELEASE);
        assert_eq!(FILES.len(), MODULES.len());
    }

    #[test]
    fn files_and_modules_are_those_of_the_folder() {
        let mut found = Vec::new();
        for part in ["core", "plugins"] {
            let entries = std::fs::read_dir(Path::new(LATEST).join(part)).unwrap();
            found.extend(entries.map(|entry| {
                let name = entry.unwrap().file_name();
                format!("{part}/{}", name.to_str().unwrap())
            }));
        }
        found.sort();
        assert!(FILES.iter().map(|(name, _)| name).eq(&found));
        let stem = |path: &String| {
            let name = path.rsplit('/').next().unwrap();
            name.trim_end_matches(".api.json").to_owned()
        };
        let mut stems: Vec<_> = found.iter().map(stem).collect();
        stems.sort();
        assert_eq!(MODULES, stems);
    }
}
