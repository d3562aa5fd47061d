//! Definitions written as text and compiled are the same definitions.

use std::path::Path;

use vpp_tests::decompile::check_folder;

use super::releases;

fn check(folder: &Path) -> usize {
    let out = tempfile::tempdir().unwrap();
    check_folder(folder, out.path()).unwrap()
}

#[test]
fn the_vendored_modules_as_text_compile_to_themselves() {
    let modules = check(vpp_api_json::V26_06.as_ref());
    assert_eq!(modules, vpp_api_json::MODULES.len());
}

#[test]
#[ignore = "reads whole releases, whose definitions .ci/run has in ../shared"]
fn every_module_of_every_release_as_text_compiles_to_itself() {
    for (release, folder) in releases() {
        let modules = check(&folder);
        assert!(modules > 100, "{release} has {modules} modules");
    }
}
