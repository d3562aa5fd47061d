use std::fmt::Write;

use cnivpp::api::infra::AnyOf;
use vpp_codegen::check::Needs;

/// `vpp-bindgen` cannot link cnivpp, whose bindings it generates; so it has a list.
#[test]
fn the_list_of_vpp_bindgen_is_what_cnivpp_needs() {
    let mut list = String::new();
    for needs in cnivpp::api::NEEDS {
        list += &lines(needs);
    }
    for (only_for, needs) in cnivpp::api::OPTIONAL {
        writeln!(list, "{only_for}:").unwrap();
        list += &lines(needs);
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
    let sections = cnivpp::api::OPTIONAL.len();
    assert_eq!(Needs::of_cnivpp().0.len(), known.len() - sections);
}

fn lines(needs: &[AnyOf]) -> String {
    let mut lines = String::new();
    for any_of in needs {
        let keys = any_of.iter().map(|(name, crc)| format!("{name}_{crc:08x}"));
        let keys: Vec<_> = keys.collect();
        lines += &format!("{}\n", keys.join(" | "));
    }
    lines
}
