use vpp_api_tools::Style;

#[test]
fn json_follows_the_schema_in_the_help() {
    insta::assert_snapshot!(super::all("nested").json().unwrap());
}

#[test]
fn markdown_is_suitable_for_release_notes() {
    insta::assert_snapshot!(super::all("nested").markdown());
}

#[test]
fn colour_only_adds_escape_codes() {
    let report = super::all("standing");
    let colour = report.text(Style::Colour);
    let mut plain = String::new();
    let mut parts = colour.split("\x1b[");
    plain.push_str(parts.next().unwrap());
    for part in parts {
        plain.push_str(part.split_once('m').unwrap().1);
    }
    assert_eq!(plain, report.text(Style::Plain));
    assert!(colour.contains("\x1b[31mBREAKING\x1b[0m"));
}
