//! Every message of the vendored modules and of `inputs/good`, with bytes that nobody chose.

use proptest::prelude::*;
use vpp_bindings::REGISTRY;
use vpp_tests::inputs::REGISTRIES;
use vpp_wire::Header;
use vpp_wire::registry::{AnyMessage, Entry};

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

fn encode(message: &dyn AnyMessage, header: Header) -> Vec<u8> {
    let mut out = Vec::new();
    message.encode_payload(7, header, &mut out).unwrap();
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_decodes_encodes_to_what_decodes_to_the_same(payload in payload()) {
        for entry in entries() {
            let Ok((header, message)) = (entry.decode)(&payload) else {
                continue;
            };
            let bytes = encode(message.as_ref(), header);
            prop_assert!(bytes.len() <= payload.len(), "{}", entry.key);
            let (again, same) = (entry.decode)(&bytes).unwrap();
            prop_assert_eq!(header, again, "{}", entry.key);
            prop_assert_eq!(&bytes, &encode(same.as_ref(), header), "{}", entry.key);

            let json = entry.json.unwrap();
            let text = (json.from_payload)(&bytes).unwrap();
            // JSON has no word for an infinite number or for one that is none.
            if !text.contains("null") {
                let read = (json.to_message)(&text).unwrap();
                prop_assert_eq!(&bytes, &encode(read.as_ref(), header), "{}: {}", entry.key, text);
            }
        }
    }

    #[test]
    fn a_message_that_is_cut_short_is_an_error_and_never_a_panic(payload in payload()) {
        for entry in entries() {
            let Ok((header, message)) = (entry.decode)(&payload) else {
                continue;
            };
            let bytes = encode(message.as_ref(), header);
            for cut in [0, 1, bytes.len() / 2, bytes.len().saturating_sub(1)] {
                if cut < bytes.len() && !entry.key.starts_with("no_count") {
                    prop_assert!((entry.decode)(&bytes[..cut]).is_err(), "{} at {cut}", entry.key);
                }
            }
        }
    }
}

#[test]
fn the_default_of_every_message_round_trips() {
    for entry in entries() {
        let json = entry.json.unwrap();
        let message = (json.to_message)("{}").unwrap();
        let bytes = encode(message.as_ref(), Header::default());
        let (_, same) = (entry.decode)(&bytes).unwrap();
        assert_eq!(format!("{message:?}"), format!("{same:?}"));
    }
}
