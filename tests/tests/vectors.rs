//! Checks the vectors of an independent encoder for every message of the vendored modules.

#![cfg(test)]

use vpp_bindings::REGISTRY;
use vpp_tests::vectors;

#[test]
fn every_vector_decodes_to_its_json_and_encodes_to_its_bytes() {
    let mut samples = 0;
    for entry in std::fs::read_dir(vectors::folder()).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        samples += vectors::check_file(&REGISTRY, &text).unwrap();
    }
    assert!(samples > 900, "only {samples} samples were found");
}
