use vpp_sim::{Release, SimThread};

use super::{run, source, text, vpp};

fn diff(arguments: &[&str]) -> (i32, String) {
    let output = run(&[&["diff"], arguments].concat());
    let printed = text(&output.stdout).to_owned() + text(&output.stderr);
    (output.status.code().unwrap(), printed)
}

fn vpps() -> (SimThread, SimThread) {
    (vpp(Release::V24_06, []), vpp(Release::LATEST, []))
}

#[test]
fn a_running_vpp_is_compared_with_the_vendored_definitions() {
    let (older, same) = vpps();
    let (status, printed) = diff(&["vendored", &source(&same)]);
    assert_eq!(status, 0, "{printed}");
    assert!(printed.ends_with("Nothing changed.\n"), "{printed}");
    let (status, printed) = diff(&["vendored", &source(&older)]);
    assert_eq!(status, 1, "{printed}");
    assert!(
        printed.contains("- message ip_table_add_del_v2: removed"),
        "{printed}"
    );
    assert!(!printed.contains("moved from module"), "{printed}");
}

#[test]
fn two_running_vpps_are_compared() {
    let (older, newer) = vpps();
    let (status, printed) = diff(&[&source(&older), &source(&newer)]);
    assert_eq!(status, 0, "{printed}");
    assert!(
        printed.contains("+ message ip_table_add_del_v2: added"),
        "{printed}"
    );
}

#[test]
fn the_list_of_used_messages_may_have_fallbacks() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("used.txt");
    std::fs::write(&list, "ip_table_add_del_v2 | ip_table_add_del # tables\n").unwrap();
    let (older, newer) = vpps();
    let used = ["--only-used", list.to_str().unwrap()];
    let (status, printed) = diff(&[&[&*source(&newer), &*source(&older)], &used[..]].concat());
    assert_eq!(status, 1, "{printed}");
    assert!(
        printed.contains("messages: 2 removed, 0 changed"),
        "{printed}"
    );
}
