//! The command `vpp-bindgen diff`.

use std::fs;

use vpp_tests::program::vpp_bindgen;

fn status(case: &str, arguments: &[&str]) -> Option<i32> {
    let [old, new] = super::sides(case);
    let sides = [old.to_str().unwrap(), new.to_str().unwrap()];
    let all = [&["diff"], &sides[..], arguments].concat();
    vpp_bindgen(&all, "").unwrap().status.code()
}

#[test]
fn the_exit_status_is_1_for_breaking_changes() {
    assert_eq!(status("fields", &[]), Some(1));
    assert_eq!(status("options", &["--format", "json"]), Some(0));
    assert_eq!(status("fields", &["--modules", "no_such_module"]), Some(2));
    assert_eq!(status("no_such_folder", &[]), Some(2));
    assert_eq!(status("fields", &["--format", "xml"]), Some(2));
}

#[test]
fn only_used_reads_a_plain_list() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("used.txt");
    let list = file.to_str().unwrap();
    fs::write(&file, "# ours\nsame\ndefaults_00000008 # by key\n\n").unwrap();
    assert_eq!(status("fields", &["--only-used", list]), Some(0));
    fs::write(&file, "same\nremoved\n").unwrap();
    assert_eq!(status("fields", &["--only-used", list]), Some(1));
    assert_eq!(status("fields", &["--only-used", "no_such_file"]), Some(2));
}

#[test]
fn output_to_a_pipe_has_no_colour() {
    let [old, new] = super::sides("fields");
    let sides = [old.to_str().unwrap(), new.to_str().unwrap()];
    let output = vpp_bindgen(&[&["diff"], &sides[..]].concat(), "").unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("BREAKING") && !text.contains('\x1b'));
}
