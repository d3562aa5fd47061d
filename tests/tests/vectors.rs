//! Vectors of an independent encoder for every message of the vendored modules (`vectors/`).

#![cfg(test)]

use vpp_bindings::REGISTRY;

#[test]
fn every_vector_decodes_to_its_json_and_encodes_to_its_bytes() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/v26.06");
    let mut samples = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        samples += vpp_tests::vectors::check_file(&REGISTRY, &text).unwrap();
    }
    assert!(samples > 900, "only {samples} samples were found");
}
