//! The options `--modules` and `--only-used`.

use vpp_api_tools::{DiffOptions, Report};

fn of_modules(case: &str, modules: &[&str]) -> Result<Report, String> {
    let options = DiffOptions {
        modules: modules.iter().map(|name| (*name).to_owned()).collect(),
        ..DiffOptions::default()
    };
    super::compare(case, &options).map_err(|error| error.to_string())
}

fn of_used(case: &str, used: &[&str]) -> Result<Report, String> {
    let options = DiffOptions {
        used: Some(used.iter().map(|name| (*name).to_owned()).collect()),
        ..DiffOptions::default()
    };
    super::compare(case, &options).map_err(|error| error.to_string())
}

fn names(report: &Report) -> Vec<&str> {
    report
        .changes
        .iter()
        .map(|change| change.name.as_str())
        .collect()
}

#[test]
fn a_module_may_exist_on_one_side_only() {
    let report = of_modules("modules", &["gone"]).unwrap();
    assert_eq!(names(&report), ["lost"]);
    assert!(report.breaking);
    // A definition that moved out of a module also belongs to it.
    let report = of_modules("modules", &["first"]).unwrap();
    assert_eq!(names(&report), ["hop", "shared"]);
    assert!(!report.breaking);
    assert_eq!(
        of_modules("modules", &["third"]).unwrap_err(),
        "module third is in neither of the definitions"
    );
}

#[test]
fn changes_of_unused_messages_are_not_breaking() {
    let report = of_used("fields", &["same", "defaults_00000008"]).unwrap();
    assert_eq!(names(&report), ["defaults"]);
    assert!(!report.breaking);
    assert!(of_used("fields", &["added"]).unwrap().breaking);
    assert_eq!(
        of_used("fields", &["sane"]).unwrap_err(),
        "message sane is in neither of the definitions"
    );
    assert!(of_used("fields", &[]).unwrap().changes.is_empty());
}

#[test]
fn unused_modules_are_not_reported() {
    let report = of_used("modules", &["hop"]).unwrap();
    assert_eq!(report.modules.removed, [""; 0]);
    let report = of_used("modules", &["lost"]).unwrap();
    assert_eq!(report.modules.removed, ["gone"]);
    assert_eq!(report.modules.added, [""; 0]);
}

#[test]
fn a_list_of_another_release_is_refused() {
    assert_eq!(
        of_used("fields", &["defaults_deadbeef"]).unwrap_err(),
        "message defaults has CRC deadbeef in the list and 00000008 in the definitions: the list \
         is from a different release; list the name without CRC to compare anyway"
    );
    // A program for several releases lists the messages of all of them.
    for known in ["defaults", "defaults_00000008"] {
        let report = of_used("fields", &["defaults_deadbeef", known]).unwrap();
        assert_eq!(names(&report), ["defaults"]);
    }
}

#[test]
fn replies_and_types_of_used_messages_are_used_too() {
    let report = of_used("nested", &["deep"]).unwrap();
    assert_eq!(names(&report), ["deep", "choice", "inner"]);
    let report = of_used("services", &["events"]).unwrap();
    assert_eq!(names(&report), ["events"]);
}
