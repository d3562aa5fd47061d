//! VPP's own modules: eight in full, and all with one line per message.

use std::path::PathBuf;

use vpp_codegen::Builder;

const IN_FULL: &[&str] = &[
    "interface_types",
    "ip_types",
    "memclnt",
    "interface",
    "ip",
    "l2",
    "memif",
    "tapv2",
];

#[test]
fn eight_modules_in_full() {
    let files = Builder::new(vpp_api_json::LATEST).generate().unwrap();
    for module in IN_FULL {
        let name = format!("{module}.rs");
        let file = files.iter().find(|file| file.name == name).unwrap();
        insta::assert_snapshot!(*module, file.text);
    }
}

#[test]
fn the_features_of_the_bindings_are_the_modules_of_the_definitions() {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../bindings/Cargo.toml");
    let manifest = std::fs::read_to_string(manifest).unwrap();
    let features: Vec<&str> = manifest
        .lines()
        .filter_map(|line| line.strip_suffix(" = []"))
        .filter(|feature| !["registry", "all-modules"].contains(feature))
        .collect();
    assert_eq!(features, vpp_api_json::MODULES);
    let files = Builder::new(vpp_api_json::LATEST).generate().unwrap();
    let modules: Vec<_> = files
        .iter()
        .filter_map(|file| file.name.strip_suffix(".rs"))
        .collect();
    assert_eq!(modules[..modules.len() - 1], *vpp_api_json::MODULES);
}

#[test]
fn inventory_of_the_vendored_definitions() {
    insta::assert_snapshot!(inventory(vpp_api_json::LATEST.into()));
}

#[test]
#[ignore = "needs the definitions of whole releases, which .ci/run has in ../shared"]
fn inventory_of_whole_releases() {
    for release in ["v23.02", "v24.06", "v26.06"] {
        let folder = format!(
            "{}/../../shared/api-json/{release}",
            env!("CARGO_MANIFEST_DIR")
        );
        insta::assert_snapshot!(format!("inventory-{release}"), inventory(folder.into()));
    }
}

fn inventory(folder: PathBuf) -> String {
    let lines = vpp_api_tools::list(&[folder]).unwrap();
    lines.iter().map(|line| format!("{line}\n")).collect()
}
