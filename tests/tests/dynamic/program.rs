//! The commands `vpp-bindgen encode` and `decode`.

use std::process::Output;

use vpp_tests::program::vpp_bindgen;

fn run(command: &str, arguments: &[&str], input: &str) -> Output {
    let with_folder = [&[command, "--api-dir", vpp_api_json::LATEST], arguments].concat();
    vpp_bindgen(&with_folder, input).unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn encode_prints_hex_with_the_given_header() {
    let json = r#"{"sw_if_index": 3}"#;
    let plain = run("encode", &["memif_delete", json], "");
    assert_eq!(out(&plain), "0000000000000000000000000003\n");
    let header = [
        "--msg-id",
        "0x5d",
        "--client-index",
        "1",
        "--context",
        "0xFFFFFFFF",
    ];
    let full = run(
        "encode",
        &[&["memif_delete", json], &header[..]].concat(),
        "",
    );
    assert_eq!(out(&full), "005d00000001ffffffff00000003\n");
    let back = run(
        "decode",
        &["memif_delete", "0x005D00000001 FFFFFFFF 00000003"],
        "",
    );
    assert!(out(&back).ends_with("\"sw_if_index\":3}\n"), "{back:?}");
}

#[test]
fn errors_name_the_line_and_other_lines_are_converted() {
    let input = "{\"sw_if_index\":1}\n\n{\"sw_if_index\":-1}\n{\"sw_if_index\":2}";
    let done = run("encode", &["memif_delete", "-"], input);
    assert_eq!(
        out(&done),
        "0000000000000000000000000001\n0000000000000000000000000002\n"
    );
    assert_eq!(
        errors(&done),
        "vpp-bindgen: line 3: memif_delete.sw_if_index: invalid value: integer `-1`, \
         expected u32 at line 1 column 17\n"
    );
    assert_eq!(done.status.code(), Some(1));

    let back = run("decode", &["memif_delete", "-"], &(out(&done) + "xyz\n"));
    assert_eq!(out(&back).lines().count(), 2);
    assert_eq!(
        errors(&back),
        "vpp-bindgen: line 3: 'x' is not a hex digit\n"
    );
}

#[test]
fn the_error_of_a_single_message_has_no_line() {
    let odd = run("decode", &["memif_delete", "012"], "");
    assert_eq!(errors(&odd), "vpp-bindgen: an odd number of hex digits\n");
    assert_eq!(odd.status.code(), Some(1));
    let short = run("decode", &["memif_delete", "0102"], "");
    assert_eq!(
        errors(&short),
        "vpp-bindgen: cannot decode memif_delete at offset 0: 10 bytes needed, 2 left\n"
    );
}
