//! The encoding of the plugin's messages, with and without `vpp-bindings`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use vpp_third_party::{lamp, standalone};
use vpp_wire::{Header, Message, decode_payload, encode_payload};

const HEADER: Header = Header {
    client_index: 1,
    context: 2,
};

fn encoded<M: Message>(message: &M) -> Vec<u8> {
    let mut out = Vec::new();
    encode_payload(message, 3, HEADER, &mut out).unwrap();
    out
}

#[test]
fn a_message_of_the_plugin_encodes_and_decodes() {
    let message = lamp::LampSet {
        sw_if_index: vpp_bindings::interface_types::InterfaceIndex(5),
        colour: lamp::LampColour::RED,
        setters: "10.0.0.0/8".parse().unwrap(),
    };
    let mut expected = b"\0\x03\0\0\0\x01\0\0\0\x02\0\0\0\x05\x03\0\x0a".to_vec();
    expected.extend([0; 15]);
    expected.push(8);
    assert_eq!(encoded(&message), expected);
    let found = decode_payload::<lamp::LampSet>(&expected).unwrap();
    assert_eq!(found, (HEADER, message));
}

#[test]
fn the_standalone_bindings_encode_to_the_same_bytes() {
    use standalone::interface_types::InterfaceIndex;
    let message = standalone::lamp::LampSet {
        sw_if_index: InterfaceIndex(5),
        setters: "2001:db8::/32".parse().unwrap(),
        ..Default::default()
    };
    let (header, found) = decode_payload::<lamp::LampSet>(&encoded(&message)).unwrap();
    assert_eq!((header, found.colour), (HEADER, lamp::LampColour::GREEN));
    assert_eq!(encoded(&found), encoded(&message));
    assert_eq!(lamp::MESSAGES, standalone::lamp::MESSAGES);
}

/// The CRCs that VPP's own tool computes for `api/lamp.api` with VPP's sources.
#[test]
fn crcs_are_those_of_vpp() {
    let keys = [
        lamp::LampSet::KEY,
        lamp::LampDump::KEY,
        lamp::LampDetails::KEY,
        lamp::WantLampEvents::KEY,
        lamp::LampEvent::KEY,
    ];
    let expected = [
        "lamp_set_a3951e31",
        "lamp_dump_f9e6675e",
        "lamp_details_b707623d",
        "want_lamp_events_3ec6d6c2",
        "lamp_event_a3c08a58",
    ];
    assert_eq!(keys, expected);
}
