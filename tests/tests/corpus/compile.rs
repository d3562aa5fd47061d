//! Definitions that are decompiled and compiled again stay the same.

use std::path::Path;

use vpp_tests::decompile::check_folder;

use super::releases;

fn check(folder: &Path) -> usize {
    let out = tempfile::tempdir().unwrap();
    check_folder(folder, out.path()).unwrap()
}

#[test]
fn decompiled_vendored_modules_compile_to_themselves() {
    let modules = check(vpp_api_json::LATEST.as_ref());
    assert_eq!(modules, vpp_api_json::MODULES.len());
}

#[test]
#[ignore = "reads whole releases, whose definitions .ci/run has in ../shared"]
fn every_decompiled_module_of_every_release_compiles_to_itself() {
    for (release, folder) in releases() {
        let modules = check(&folder);
        assert!(modules > 100, "{release} has {modules} modules");
    }
}
