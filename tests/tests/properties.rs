//! Decodes random payloads of every message of the vendored modules and of `inputs/good`.

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

/// Mostly small numbers, so that counts match the elements that follow.
fn payload() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![6 => Just(0u8), 3 => 1..4u8, 2 => any::<u8>()];
    proptest::collection::vec(byte, 0..700)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn decoded_messages_round_trip(payload in payload()) {
        for entry in entries() {
            round_trip::check(entry, &payload).map_err(TestCaseError::fail)?;
        }
    }

    #[test]
    fn a_truncated_message_is_an_error(payload in payload()) {
        // An array without count extends to the end of the payload.
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
