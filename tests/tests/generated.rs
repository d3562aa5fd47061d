//! The behaviour of generated code.

#![cfg(test)]

use std::net::IpAddr;

use vpp_bindings::wire::ipnet::IpNet;
use vpp_tests::inputs::{
    addresses, arrays, count_names, defaults, enum_values, headers, services, strings, unions,
};
use vpp_wire::{
    Dump, FixedString, Get, Header, Layout, Message, OpenEnum, Reply, Request, Subscribe,
    decode_payload, encode_payload,
};

fn payload<M: Message>(message: &M) -> Vec<u8> {
    let mut out = Vec::new();
    encode_payload(message, 1, Header::default(), &mut out).unwrap();
    out
}

#[test]
fn defaults_are_those_of_the_api_file() {
    let message = defaults::defaults::AllDefaults::default();
    assert_eq!(message.all_ones, u32::MAX);
    assert_eq!(message.minus, -1);
    assert!(message.word_true && !message.real_false && message.number && message.big);
    assert_eq!((message.one, message.whole), (1.0, 2.0));
    assert_eq!(message.mode, defaults::defaults::Mode::ON);
    assert_eq!(message.named, defaults::defaults::Mode::ON);
    assert_eq!(message.outside.0, u32::MAX);
    assert_eq!(message.bits.bits(), 3);
    assert_eq!(message.index.0, u32::MAX);
    assert_eq!((message.hex, message.inner.port), (16, 4789));
}

#[test]
fn enums_keep_unknown_values() {
    use enum_values::enum_values::{Negative, NoType, Twice, Wide};
    assert_eq!(Wide::MAX.0, u64::MAX);
    assert_eq!(Negative::LOW.0, -128);
    assert_eq!(NoType::MINUS_ONE.0, u32::MAX);
    assert_eq!(Twice::A, Twice::ALSO_A);
    assert_eq!(Twice::A.name(), Some("TWICE_A"));
    assert_eq!(format!("{:?}", Twice(9)), "Twice(9)");
}

#[test]
fn names_that_differ_in_case_do_not_confuse_array_and_count() {
    use count_names::count_names::CountNames;
    let sent = CountNames {
        n: 9,
        a: vec![1, 2],
        ..CountNames::default()
    };
    let header = Header::default();
    let mut payload = Vec::new();
    encode_payload(&sent, 1, header, &mut payload).unwrap();
    let (_, received) = decode_payload::<CountNames>(&payload).unwrap();
    assert_eq!(received, sent);
}

#[test]
fn a_count_that_is_too_large_is_an_error() {
    use arrays::arrays::{Counted, Point, SharedCount};
    let mut out = Vec::new();
    let message = Counted {
        between: 0,
        points: vec![Point::default(); 256],
    };
    let error = encode_payload(&message, 1, Header::default(), &mut out).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot encode counted.count: 256 elements, the count field holds at most 255"
    );
    assert!(out.is_empty(), "a failed encoding writes nothing");

    let message = SharedCount {
        keys: vec![1],
        values: vec![1, 2],
    };
    let error = encode_payload(&message, 1, Header::default(), &mut out).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot encode shared_count.n: the arrays that share this count have 1 and 2 elements"
    );
}

#[test]
fn an_error_in_a_nested_array_names_its_path() {
    use arrays::arrays::{Nested, OfVariable, Run};
    let message = OfVariable {
        list: vec![Nested {
            id: 1,
            run: Run {
                items: vec![0; 300],
            },
        }],
    };
    let mut out = Vec::new();
    let error = encode_payload(&message, 1, Header::default(), &mut out).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("cannot encode of_variable.list.run.n:"),
        "{error}"
    );
}

#[test]
fn a_count_larger_than_the_payload_is_refused_before_allocating() {
    use arrays::arrays::OfVariable;
    let mut bytes = payload(&OfVariable::default());
    let at = bytes.len() - 4;
    bytes[at..].copy_from_slice(&u32::MAX.to_be_bytes());
    let error = decode_payload::<OfVariable>(&bytes).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot decode of_variable.list at offset 14: \
         4294967295 elements of at least 3 bytes, 0 bytes left"
    );
}

#[test]
fn an_array_without_count_reads_the_rest_of_the_payload() {
    use arrays::arrays::{NoCount, Point};
    let message = NoCount {
        id: 5,
        rest: vec![Point { x: 1, y: 2 }; 3],
    };
    let (_, read) = decode_payload::<NoCount>(&payload(&message)).unwrap();
    assert_eq!(read, message);
}

#[test]
fn strings_that_are_too_long_are_refused() {
    let message = strings::strings::FixedStringType {
        name: FixedString::new("fifteen letters").unwrap(),
    };
    assert_eq!(payload(&message)[24..], *b"s\0");
    assert!(FixedString::<16>::new("sixteen letters!").is_err());
}

#[test]
fn bytes_that_are_not_utf8_are_kept_in_variable_and_fixed_strings() {
    use vpp_bindings::{vlib::CliInbandReply, vpe::ShowVersionReply};
    let mut bytes = b"\0\x01\0\0\0\0\0\0\0\0\0\0\0\x04a\xffb\xe9".to_vec();
    let (header, variable) = decode_payload::<CliInbandReply>(&bytes).unwrap();
    assert_eq!(variable.reply.as_bytes(), b"a\xffb\xe9");
    assert_eq!(variable.reply.to_string_lossy(), "a\u{fffd}b\u{fffd}");
    assert_eq!(
        (header, payload(&variable)),
        (Header::default(), bytes.clone())
    );

    bytes.truncate(10);
    bytes.extend(b"a\xff\0z");
    bytes.resize(10 + 32 + 32 + 32 + 256, 0);
    let (header, fixed) = decode_payload::<ShowVersionReply>(&bytes).unwrap();
    assert_eq!(fixed.program.as_bytes(), b"a\xff");
    assert_eq!(fixed.program.to_string_lossy(), "a\u{fffd}");
    assert_eq!((header, payload(&fixed)), (Header::default(), bytes));
}

#[test]
fn unions_have_the_size_of_their_largest_arm_and_check_their_tag() {
    use unions::unions::{Body, Cased, Kind, Point, UseUnions};
    assert_eq!(Body::default().0.len(), 12);
    let points = [Point { x: 1, y: 2 }; 3];
    let mut message = UseUnions::default();
    message.set_cased_points(points[0]);
    assert_eq!(
        (message.kind, message.cased_points()),
        (Kind::POINTS, Some(points[0]))
    );
    assert_eq!(message.cased_number(), None);
    message.kind = Kind::NUMBER;
    assert_eq!(message.cased_number(), Some(0x0001_0002));
    assert_eq!(Body::from_points(points).points(), points);
    assert_eq!(Cased::from_number(7).0, [0, 0, 0, 7]);
}

#[test]
fn header_fields_are_encoded_at_their_position_in_the_definition() {
    use headers::headers as h;
    assert_eq!(h::Bare::LAYOUT, Layout::BARE);
    assert_eq!(h::ContextOnly::LAYOUT, Layout::REPLY);
    assert_eq!(h::EventType::LAYOUT, Layout::EVENT);
    assert_eq!(h::ClientIndexFirst::LAYOUT, Layout::REQUEST);
    let header = Header {
        client_index: 0xaabb_ccdd,
        context: 0x1122_3344,
    };
    let mut out = Vec::new();
    let message = h::ContextBehind {
        a: 9,
        name: FixedString::new("abc").unwrap(),
        b: 8,
    };
    encode_payload(&message, 1, header, &mut out).unwrap();
    assert_eq!(out, b"\0\x01\x09abc\0\x11\x22\x33\x44\x08");
    let (read, _) = decode_payload::<h::ContextBehind>(&out).unwrap();
    assert_eq!(read.context, header.context);
}

#[test]
fn services_connect_requests_with_their_replies() {
    use services::services as s;
    fn reply<M: Request>() -> &'static str {
        M::Reply::NAME
    }
    fn details<M: Dump>() -> (&'static str, Option<&'static str>) {
        (M::Details::NAME, M::STRAY_REPLY)
    }
    assert_eq!(reply::<s::Ask>(), "ask_reply");
    assert_eq!(details::<s::ListDump>(), ("list_details", None));
    assert_eq!(details::<s::StrayDump>().1, Some(s::StrayDumpReply::KEY));
    assert_eq!(details::<s::OddDumpV2>().0, "odd_details_v2");
    let mut get = s::PagesGet::default();
    get.set_cursor(7);
    let end = s::PagesGetReply {
        retval: -165,
        cursor: 8,
    };
    assert_eq!((get.cursor, s::PagesGet::next_cursor(&end)), (7, Some(8)));
    assert_eq!(
        s::TraceDump::next_cursor(&s::TraceDumpReply { retval: 0 }),
        None
    );
    let mut want = s::WantOldNews::default();
    want.set_enabled(true, 1);
    assert_eq!(want.enable, 1);
    assert_eq!(s::WantOldNewsReply { retval: u32::MAX }.retval(), -1);
    assert_eq!(s::NoRetvalReply { response: -5 }.retval(), 0);
}

#[test]
fn the_error_number_of_every_reply_is_read_from_its_payload() {
    let checked = vpp_tests::REPLIES.iter().map(|check| check().unwrap());
    assert!(checked.count() > 150);
}

#[test]
fn the_error_number_is_read_from_a_truncated_reply() {
    use services::services::{NoRetvalReply, PrefixedReply, ShiftedReply, WantOldNewsReply};
    let cut = b"\0\x01\0\0\0\x02\xff\xff\xff\xf9";
    assert!(decode_payload::<vpp_bindings::vlib::CliInbandReply>(cut).is_err());
    assert_eq!(vpp_bindings::vlib::CliInbandReply::retval_of(cut), Some(-7));
    assert_eq!(WantOldNewsReply::retval_of(cut), Some(-7), "a u32");
    assert_eq!(PrefixedReply::RETVAL, Some(6 + 3 + 4));
    assert_eq!(PrefixedReply::retval_of(cut), None, "before retval");
    assert_eq!(ShiftedReply::RETVAL, None, "after a variable string");
    assert_eq!(NoRetvalReply::RETVAL, None);
}

#[test]
fn addresses_convert_print_and_parse() {
    use addresses::addresses::{Address, AddressFamily, AddressWithPrefix, MacAddress, Prefix};
    for text in ["10.0.0.1/24", "2001:db8::1/64"] {
        let net: IpNet = text.parse().unwrap();
        let prefix = Prefix::from(net);
        assert_eq!(prefix.to_string(), text, "host bits are kept");
        assert_eq!(IpNet::try_from(prefix), Ok(net));
        assert_eq!(
            text.parse::<AddressWithPrefix>().unwrap(),
            AddressWithPrefix(prefix)
        );
        let address: IpAddr = Address::from(net.addr()).try_into().unwrap();
        assert_eq!(address, net.addr());
    }
    let mac: MacAddress = "02:fe:00:00:00:01".parse().unwrap();
    assert_eq!(
        (mac.to_string().as_str(), mac.0),
        ("02:fe:00:00:00:01", [2, 0xfe, 0, 0, 0, 1])
    );
    let mut unknown = Address::from(IpAddr::from([10, 0, 0, 1]));
    unknown.af = AddressFamily(9);
    assert!(IpAddr::try_from(unknown).is_err());
    assert_eq!(unknown.un_ip4(), None);
    assert!(
        "10.0.0.1/33"
            .parse::<Prefix>()
            .unwrap_err()
            .to_string()
            .contains("10.0.0.1/33")
    );
}

#[test]
fn json_refuses_unknown_keys_and_wrong_counts() {
    let json = |text: &str| serde_json::from_str::<services::services::Ask>(text);
    assert_eq!(json(r#"{"_msgname": "ask", "a": 3}"#).unwrap().a, 3);
    for bad in [
        r#"{"b": 3}"#,
        r#"{"_msgname": "fire"}"#,
        r#"{"_crc": "00000000"}"#,
    ] {
        assert!(json(bad).is_err(), "{bad}");
    }
    let counted = |text: &str| serde_json::from_str::<arrays::arrays::CountedBytes>(text);
    assert_eq!(
        counted(r#"{"len": 2, "data": "0x0a0b"}"#).unwrap().data,
        [10, 11]
    );
    let error = counted(r#"{"len": 3, "data": "0x0a0b"}"#)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("len is 3, but its array has 2 elements"),
        "{error}"
    );
}
