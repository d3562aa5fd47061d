//! Manual pages.

use std::fs;

use super::help::commands;
use super::program::succeed;
use super::tree::tree;

#[test]
fn the_program_and_every_command_have_a_page() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("man1");
    succeed(&["man", "--out", out.to_str().unwrap()]);
    let pages = tree(&out);
    let mut names: Vec<_> = commands()
        .iter()
        .map(|name| format!("vpp-bindgen-{name}.1"))
        .collect();
    names.push("vpp-bindgen.1".to_owned());
    names.sort();
    assert_eq!(pages.keys().cloned().collect::<Vec<_>>(), names);
    for (name, page) in pages {
        let page = String::from_utf8(page).unwrap();
        for heading in [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "EXAMPLES",
            "\"EXIT STATUS\"",
        ] {
            assert!(
                page.contains(&format!("\n.SH {heading}\n")),
                "{name}: {heading}"
            );
        }
    }
}

#[test]
fn the_page_of_the_program_is_printed_without_out() {
    let out = tempfile::tempdir().unwrap();
    fs::write(out.path().join("other.1"), "of another").unwrap();
    succeed(&["man", "--out", out.path().to_str().unwrap()]);
    let page = fs::read_to_string(out.path().join("vpp-bindgen.1")).unwrap();
    assert_eq!(succeed(&["man"]), page);
    assert_eq!(fs::read(out.path().join("other.1")).unwrap(), b"of another");
}
