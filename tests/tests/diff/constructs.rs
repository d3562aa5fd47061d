//! The report of every construct, one per snapshot.

use std::path::Path;

use vpp_api_tools::{DiffOptions, Style};

macro_rules! constructs {
    ($($name:ident),* $(,)?) => {$(
        #[test]
        fn $name() {
            insta::assert_snapshot!(super::all(stringify!($name)).text(Style::Plain));
        }
    )*};
}

constructs!(
    aliases,
    enums,
    fields,
    modules,
    nested,
    options,
    services,
    standing,
    unexplained,
);

#[test]
fn a_comparison_with_itself_finds_no_changes() {
    let [old, _] = super::sides("fields");
    let side = [old];
    let report = vpp_api_tools::diff(&side, &side, &DiffOptions::default());
    let report = report.unwrap();
    assert!(!report.breaking && report.changes.is_empty());
}

#[test]
fn the_report_does_not_depend_on_the_order_of_inputs() {
    let files = |side: &Path, is_reversed: bool| {
        let files = std::fs::read_dir(side).unwrap();
        let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        files.sort();
        if is_reversed {
            files.reverse();
        }
        files
    };
    let [old, new] = super::sides("modules");
    let changes = |is_reversed| {
        let (old, new) = (files(&old, is_reversed), files(&new, is_reversed));
        let report = vpp_api_tools::diff(&old, &new, &DiffOptions::default());
        report.unwrap().changes
    };
    assert_eq!(changes(false), changes(true));
    assert_eq!(changes(false), super::all("modules").changes);
}
