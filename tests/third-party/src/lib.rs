//! What somebody with a plugin of their own does: `vpp-codegen` in the build script,
//! `vpp-wire` as the only dependency, and here even under another name.

pub use vpp_wire as runtime;

include!(concat!(env!("OUT_DIR"), "/mod.rs"));

#[cfg(test)]
mod tests {
    use crate::lamp::{InterfaceIndex, LampColour, LampSet};
    use crate::runtime::{Header, Message, decode_payload, encode_payload};

    #[test]
    fn a_message_of_the_plugin_goes_over_the_wire() {
        let message = LampSet {
            sw_if_index: InterfaceIndex(5),
            colour: LampColour {
                red: 255,
                ..Default::default()
            },
        };
        let header = Header {
            client_index: 1,
            context: 2,
        };
        let mut out = Vec::new();
        encode_payload(&message, 3, header, &mut out).unwrap();
        assert_eq!(out, b"\0\x03\0\0\0\x01\0\0\0\x02\0\0\0\x05\xff\0\0");
        assert_eq!(decode_payload::<LampSet>(&out).unwrap(), (header, message));
        assert_eq!(LampSet::KEY, "lamp_set_5d1f0c2e");
    }
}
