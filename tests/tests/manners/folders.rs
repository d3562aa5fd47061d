//! What is in the output folder after a run: all of it, or what was there.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, symlink};

use super::program::{command, run, succeed};
use super::tree::{definitions, scratches, tree, vendor};

#[test]
fn a_failure_in_the_middle_of_the_moves_takes_back_those_before() {
    let (one, two) = (definitions(1), definitions(2));
    let out = tempfile::tempdir().unwrap();
    succeed(&vendor(one.path(), out.path()));
    // Its place is among the last.
    let in_the_way = out.path().join("plugins/memif.api.json");
    fs::remove_file(&in_the_way).unwrap();
    fs::create_dir_all(in_the_way.join("of another")).unwrap();
    fs::write(out.path().join("core/stale.api.json"), "{}").unwrap();
    fs::remove_file(out.path().join("core/ip.api.json")).unwrap();
    let before = tree(out.path());

    let failed = run(&vendor(two.path(), out.path()));
    let said = String::from_utf8(failed.stderr).unwrap();
    assert_eq!(failed.status.code(), Some(2));
    assert!(said.contains("plugins/memif.api.json"), "{said}");
    assert_eq!(tree(out.path()), before);
}

#[test]
fn folders_that_a_failed_run_made_go_again() {
    let from = definitions(1);
    let out = tempfile::tempdir().unwrap();
    fs::write(
        out.path().join("plugins"),
        "a file where a folder should be",
    )
    .unwrap();
    let before = tree(out.path());
    assert_eq!(run(&vendor(from.path(), out.path())).status.code(), Some(2));
    assert_eq!(tree(out.path()), before);
}

#[test]
fn what_would_not_change_is_not_touched() {
    let from = definitions(1);
    let out = tempfile::tempdir().unwrap();
    succeed(&vendor(from.path(), out.path()));
    let file = |name: &str| fs::metadata(out.path().join(name)).unwrap().ino();
    let before = file("core/ip.api.json");
    fs::write(out.path().join("core/l2.api.json"), "old").unwrap();
    fs::write(out.path().join("mine.txt"), "of another").unwrap();
    succeed(&vendor(from.path(), out.path()));
    assert_eq!(file("core/ip.api.json"), before);
    let after = tree(out.path());
    assert_ne!(after["core/l2.api.json"], b"old");
    assert_eq!(after["mine.txt"], b"of another");
}

#[test]
fn what_killed_runs_left_goes_and_what_others_use_stays() {
    let from = definitions(1);
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    let leave = |folder: &std::path::Path| {
        let (left, used) = (
            folder.join(".vpp-codegen-left"),
            folder.join(".vpp-codegen-used"),
        );
        fs::create_dir_all(left.join("whole/core")).unwrap();
        fs::write(left.join("whole/core/ip.api.json"), "half").unwrap();
        fs::create_dir(&used).unwrap();
        symlink(from.path(), folder.join(".vpp-codegen-link")).unwrap();
        // As a run does while it works.
        let lock = File::open(&used).unwrap();
        lock.lock().unwrap();
        lock
    };
    let in_parent = leave(parent.path());
    // First where the folder is new, then where it is there.
    succeed(&vendor(from.path(), &out));
    let in_out = leave(&out);
    succeed(&vendor(from.path(), &out));
    for folder in [parent.path(), &out] {
        let mut left = scratches(folder);
        left.sort();
        let names = ["link", "used"].map(|name| folder.join(format!(".vpp-codegen-{name}")));
        assert_eq!(left, names);
    }
    drop((in_parent, in_out));
    assert!(from.path().join("core/ip.api.json").exists());
}

#[test]
fn a_new_folder_appears_at_once() {
    let from = definitions(1);
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("deep/er/out");
    let mut running = command(&vendor(from.path(), &out)).spawn().unwrap();
    let all = tree(from.path()).len();
    let mut is_over = false;
    while !out.exists() {
        assert!(!is_over, "the folder is there before the run ends");
        is_over = running.try_wait().unwrap().is_some();
    }
    let seen = tree(&out).len();
    assert!(running.wait().unwrap().success());
    assert_eq!(seen, all);
    assert!(scratches(out.parent().unwrap()).is_empty());
}

#[test]
fn runs_at_once_write_one_after_the_other() {
    let versions = [definitions(1), definitions(2)];
    let expected = versions.each_ref().map(|from| {
        let out = tempfile::tempdir().unwrap();
        succeed(&vendor(from.path(), out.path()));
        tree(out.path())
    });
    let parent = tempfile::tempdir().unwrap();
    // The folder is new to the first round, and there in the others.
    for _ in 0..3 {
        let out = parent.path().join("out");
        let four = [0, 1, 0, 1].map(|version: usize| {
            let from = versions[version].path();
            command(&vendor(from, &out)).spawn().unwrap()
        });
        for mut run in four {
            assert!(run.wait().unwrap().success());
        }
        let found = tree(&out);
        assert!(expected.contains(&found), "{:?}", found.keys());
        assert_eq!(
            tree(parent.path())
                .keys()
                .filter(|name| name.starts_with('.'))
                .count(),
            0
        );
    }
}
