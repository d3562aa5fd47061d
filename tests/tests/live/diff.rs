use vpp_sim::{Release, SimThread};

use super::{place, run, text, vpp};

fn diff(arguments: &[&str]) -> (i32, String) {
    let output = run(&[&["diff"], arguments].concat());
    let said = text(&output.stdout).to_owned() + text(&output.stderr);
    (output.status.code().unwrap(), said)
}

fn vpps() -> (SimThread, SimThread) {
    (vpp(Release::V24_06, []), vpp(Release::V26_06, []))
}

#[test]
fn a_running_vpp_is_compared_with_what_came_with_the_program() {
    let (older, same) = vpps();
    let (status, said) = diff(&["vendored", &place(&same)]);
    assert_eq!(status, 0, "{said}");
    assert!(said.ends_with("Nothing changed.\n"), "{said}");
    let (status, said) = diff(&["vendored", &place(&older)]);
    assert_eq!(status, 1, "{said}");
    assert!(
        said.contains("- message ip_table_add_del_v2: removed"),
        "{said}"
    );
    assert!(!said.contains("moved from module"), "{said}");
}

#[test]
fn two_running_vpps_are_compared() {
    let (older, newer) = vpps();
    let (status, said) = diff(&[&place(&older), &place(&newer)]);
    assert_eq!(status, 0, "{said}");
    assert!(
        said.contains("+ message ip_table_add_del_v2: added"),
        "{said}"
    );
}

#[test]
fn what_a_program_uses_is_a_list_with_fallbacks() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("used.txt");
    std::fs::write(&list, "ip_table_add_del_v2 | ip_table_add_del # tables\n").unwrap();
    let (older, newer) = vpps();
    let used = ["--only-used", list.to_str().unwrap()];
    let (status, said) = diff(&[&[&*place(&newer), &*place(&older)], &used[..]].concat());
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("messages: 2 removed, 0 changed"), "{said}");
}
