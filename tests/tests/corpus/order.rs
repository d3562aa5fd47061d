//! The generated code does not depend on the place and order of the definitions.

use std::fs;

use vpp_codegen::Builder;
use vpp_tests::definitions::files;

use super::releases;

#[test]
#[ignore = "generates whole releases, whose definitions .ci/run has in ../shared"]
fn the_code_of_a_release_does_not_depend_on_the_place_of_its_files() {
    for (release, folder) in releases() {
        let flat = tempfile::tempdir().unwrap();
        let mut copies = Vec::new();
        for file in files(&folder).unwrap() {
            let copy = flat.path().join(file.file_name().unwrap());
            fs::copy(file, &copy).unwrap();
            copies.push(copy);
        }
        copies.sort_by_key(|path| path.file_name().map(|name| name.to_owned()));
        // Neither in the original order nor sorted.
        let middle = copies.len() / 3;
        copies.rotate_left(middle);
        copies.reverse();
        let text = |builder: Builder| -> Vec<_> {
            let files = builder.serde(true).registry(true).generate().unwrap();
            files
                .into_iter()
                .map(|file| (file.name, file.text))
                .collect()
        };
        let (expected, found) = (text(Builder::new(folder)), text(Builder::of(copies)));
        assert!(expected == found, "{release}");
    }
}
