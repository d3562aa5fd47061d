//! Every message of the vendored modules and of `inputs/good`, with bytes that nobody chose.

#![cfg(test)]

use proptest::prelude::*;
use vpp_bindings::REGISTRY;
use vpp_tests::inputs::REGISTRIES;
use vpp_tests::round_trip;
use vpp_wire::Header;
use vpp_wire::registry::Entry;

fn entries() -> impl Iterator<Item = &'static Entry> {
    let inputs = REGISTRIES
        .iter()
        .flat_map(|(_, registry)| registry.entries());
    REGISTRY.entries().iter().chain(inputs)
}

/// Mostly small numbers, so that counts find their elements.
fn payload() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![6 => Just(0u8), 3 => 1..4u8, 2 => any::<u8>()];
    proptest::collection::vec(byte, 0..700)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_decodes_encodes_to_what_decodes_to_the_same(payload in payload()) {
        for entry in entries() {
            round_trip::check(entry, &payload).map_err(TestCaseError::fail)?;
        }
    }

    #[test]
    fn a_message_that_is_cut_short_is_an_error_and_never_a_panic(payload in payload()) {
        // An array without count is as long as the payload.
        for entry in entries().filter(|entry| entry.name != "no_count") {
            round_trip::check_cuts(entry, &payload).map_err(TestCaseError::fail)?;
        }
    }
}

#[test]
fn the_default_of_every_message_round_trips() {
    for entry in entries() {
        let message = (entry.json.unwrap().to_message)("{}").unwrap();
        let mut bytes = Vec::new();
        message
            .encode_payload(7, Header::default(), &mut bytes)
            .unwrap();
        let (_, same) = (entry.decode)(&bytes).unwrap();
        assert_eq!(format!("{message:?}"), format!("{same:?}"));
    }
}
