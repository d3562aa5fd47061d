use std::fmt::Write;

use cnivpp::api::infra::AnyOf;
use vpp_bindgen::check::Needs;

#[test]
fn cnivpp_needs_are_those_of_its_lists() {
    let mut list = String::new();
    for needs in cnivpp::api::NEEDS {
        list += &lines(needs);
    }
    for (only_for, needs) in cnivpp::api::OPTIONAL {
        writeln!(list, "{only_for}:").unwrap();
        list += &lines(needs);
    }
    assert_eq!(Needs::of_cnivpp(), list.parse().unwrap());
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
