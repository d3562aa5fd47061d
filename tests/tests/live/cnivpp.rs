use std::fmt::Write;

use vpp_codegen::check::Needs;

/// `vpp-bindgen` cannot link cnivpp, whose bindings it generates; so it has a list.
#[test]
fn the_list_of_vpp_bindgen_is_what_cnivpp_needs() {
    let mut list = String::new();
    for any_of in cnivpp::api::NEEDS.iter().copied().flatten() {
        let keys = any_of.iter().map(|(name, crc)| format!("{name}_{crc:08x}"));
        writeln!(list, "{}", keys.collect::<Vec<_>>().join(" | ")).unwrap();
    }
    let known = include_str!("../../../codegen/src/check/cnivpp.txt");
    let known: Vec<_> = known
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect();
    assert_eq!(
        list.lines().collect::<Vec<_>>(),
        known,
        "write this:\n{list}"
    );
    assert_eq!(Needs::of_cnivpp().0.len(), known.len());
}
