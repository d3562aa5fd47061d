//! The output folder contains all new files after a run, or the old files.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, symlink};

use super::program::{command, run, succeed};
use super::tree::{definitions, scratches, tree, vendor};

#[test]
fn a_failure_while_moving_files_rolls_back() {
    let (one, two) = (definitions(1), definitions(2));
    let out = tempfile::tempdir().unwrap();
    succeed(&vendor(one.path(), out.path()));
    // This file is among the last to be moved.
    let obstacle = out.path().join("plugins/memif.api.json");
    fs::remove_file(&obstacle).unwrap();
    fs::create_dir_all(obstacle.join("of another")).unwrap();
    fs::write(out.path().join("core/stale.api.json"), "{}").unwrap();
    fs::remove_file(out.path().join("core/ip.api.json")).unwrap();
    let before = tree(out.path());

    let failed = run(&vendor(two.path(), out.path()));
    let printed = String::from_utf8(failed.stderr).unwrap();
    assert_eq!(failed.status.code(), Some(2));
    assert!(printed.contains("plugins/memif.api.json"), "{printed}");
    assert_eq!(tree(out.path()), before);
}

#[test]
fn a_failed_run_removes_its_folders() {
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
fn unchanged_files_are_not_touched() {
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
fn leftovers_of_killed_runs_are_removed_and_folders_in_use_are_kept() {
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
        // A run holds this lock while it works.
        let lock = File::open(&used).unwrap();
        lock.lock().unwrap();
        lock
    };
    let in_parent = leave(parent.path());
    // First the folder is new, then it exists.
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
fn a_new_folder_appears_atomically() {
    let from = definitions(1);
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("deep/er/out");
    let mut running = command(&vendor(from.path(), &out)).spawn().unwrap();
    let all = tree(from.path()).len();
    let mut is_over = false;
    while !out.exists() {
        assert!(!is_over, "the folder exists before the run ends");
        is_over = running.try_wait().unwrap().is_some();
    }
    let seen = tree(&out).len();
    assert!(running.wait().unwrap().success());
    assert_eq!(seen, all);
    assert!(scratches(out.parent().unwrap()).is_empty());
}

#[test]
fn concurrent_runs_write_one_after_the_other() {
    let versions = [definitions(1), definitions(2)];
    let expected = versions.each_ref().map(|from| {
        let out = tempfile::tempdir().unwrap();
        succeed(&vendor(from.path(), out.path()));
        tree(out.path())
    });
    let parent = tempfile::tempdir().unwrap();
    // The folder is new in the first round and exists in the others.
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
