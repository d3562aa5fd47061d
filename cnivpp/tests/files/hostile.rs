//! Tests with folders that a pod can change.

use std::os::unix::fs::{PermissionsExt, symlink};

use cnivpp::files::{Access, Dir, Kind, NAME_MAX, Reason, write_atomic};
use rustix::fs::{CWD, Mode, mkfifoat};
use rustix::io::Errno;

use crate::support::folder;

const MODE: Access = Access::mode(0o600);

#[test]
fn a_link_at_any_component_of_a_path_is_rejected() {
    let (folder, dir) = folder();
    let elsewhere = tempfile::tempdir().unwrap();
    let parts = ["a", "b", "c"];
    for position in 0..parts.len() {
        let base = format!("{position}");
        std::fs::create_dir(folder.path().join(&base)).unwrap();
        let mut path = folder.path().join(&base);
        for (n, part) in parts.iter().enumerate() {
            path.push(part);
            if n == position {
                symlink(elsewhere.path(), &path).unwrap();
                break;
            }
            std::fs::create_dir(&path).unwrap();
        }
        let relative = format!("{base}/a/b/c");
        for error in [
            dir.open_beneath(&relative).unwrap_err(),
            dir.create_beneath(&relative, MODE).unwrap_err(),
        ] {
            assert_eq!(error.errno(), Some(Errno::LOOP), "{error}");
            assert!(
                error
                    .to_string()
                    .contains("ELOOP: a symbolic link is not allowed"),
                "{error}"
            );
        }
    }
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn a_trusted_folder_must_not_be_a_link() {
    let (folder, _) = folder();
    let link = folder.path().join("link");
    symlink(folder.path(), &link).unwrap();
    for path in [link.clone(), link.join(""), link.join(".")] {
        let error = Dir::open(&path).unwrap_err();
        assert_eq!(error.errno(), Some(Errno::LOOP), "{error}");
        assert!(Dir::create(&path, MODE).is_err());
    }
}

#[test]
fn paths_outside_the_folder_are_rejected() {
    let (_folder, dir) = folder();
    let longest = "x".repeat(NAME_MAX);
    let too_long = "x".repeat(NAME_MAX + 1);
    for bad in [
        "..",
        "a/..",
        "../a",
        "a/../../b",
        "/",
        "/etc",
        "a\0b",
        &too_long,
    ] {
        let error = dir.create_beneath(bad, MODE).unwrap_err();
        assert!(
            matches!(error.reason(), Reason::Name(_)),
            "{bad:?}: {error}"
        );
        assert!(dir.open_beneath(bad).is_err());
    }
    for bad in ["", ".", "..", "a/b", "/a", "a\0", &too_long] {
        assert!(write_atomic(&dir, bad, b"", MODE).is_err(), "{bad:?}");
        assert!(dir.read(bad, 1).is_err(), "{bad:?}");
        assert!(dir.remove_file(bad).is_err(), "{bad:?}");
        assert!(dir.rename_new(bad, "x").is_err(), "{bad:?}");
    }
    assert_eq!(dir.list(1).unwrap(), Vec::<String>::new());
    write_atomic(&dir, &longest, b"x", MODE).unwrap();
    assert_eq!(dir.read(&longest, 1).unwrap().bytes, b"x");
}

#[test]
fn only_regular_files_are_read() {
    let (folder, dir) = folder();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("target"), "secret").unwrap();
    symlink("target", path("link")).unwrap();
    mkfifoat(CWD, path("fifo"), Mode::RWXU).unwrap();
    std::fs::create_dir(path("folder")).unwrap();
    drop(std::os::unix::net::UnixListener::bind(path("socket")).unwrap());
    for (name, found) in [
        ("link", Kind::Symlink),
        ("fifo", Kind::Fifo),
        ("folder", Kind::Folder),
        ("socket", Kind::Socket),
    ] {
        let error = dir.read(name, 100).unwrap_err();
        let expected = Kind::File;
        assert_eq!(*error.reason(), Reason::Kind { expected, found }, "{error}");
    }
    let error = dir.read("missing", 100).unwrap_err();
    assert!(error.is_missing());
    assert!(
        error.to_string().ends_with("ENOENT: the file is missing"),
        "{error}"
    );
}

#[test]
fn files_above_the_size_limit_are_rejected() {
    let (folder, dir) = folder();
    std::fs::write(folder.path().join("file"), [0; 100]).unwrap();
    assert_eq!(dir.read("file", 100).unwrap().bytes.len(), 100);
    let error = dir.read("file", 99).unwrap_err();
    assert_eq!(*error.reason(), Reason::TooLarge { limit: 99 });
}

/// Each read returns at most the limit, no matter how fast the file grows.
#[test]
fn a_growing_file_does_not_exceed_the_limit() {
    use std::io::Write;
    use std::sync::atomic::{AtomicBool, Ordering};
    let (folder, dir) = folder();
    let mut file = std::fs::File::create(folder.path().join("file")).unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..10_000 {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                file.write_all(&[0; 64]).unwrap();
            }
        });
        for _ in 0..100 {
            match dir.read("file", 1000) {
                Ok(contents) => assert!(contents.bytes.len() <= 1000),
                Err(error) => assert_eq!(*error.reason(), Reason::TooLarge { limit: 1000 }),
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn a_write_replaces_a_link_without_following_it() {
    let (folder, dir) = folder();
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("target");
    std::fs::write(&target, "untouched").unwrap();
    symlink(&target, folder.path().join("link")).unwrap();
    symlink("missing", folder.path().join("dangling")).unwrap();
    mkfifoat(CWD, folder.path().join("fifo"), Mode::RWXU).unwrap();
    for name in ["link", "dangling", "fifo"] {
        write_atomic(&dir, name, b"new", MODE).unwrap();
        assert_eq!(dir.metadata(name).unwrap().unwrap().kind, Kind::File);
    }
    assert_eq!(std::fs::read(&target).unwrap(), b"untouched");
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    let error = write_atomic(&dir, "folder", b"new", MODE).unwrap_err();
    assert_eq!(error.errno(), Some(Errno::ISDIR), "{error}");
    assert_eq!(dir.list(10).unwrap().len(), 4);
}

#[test]
fn the_mode_does_not_depend_on_the_replaced_file() {
    let (folder, dir) = folder();
    std::fs::write(folder.path().join("file"), "").unwrap();
    for mode in [0o600, 0o644, 0o640, 0o666] {
        write_atomic(&dir, "file", b"", Access::mode(mode)).unwrap();
        assert_eq!(dir.metadata("file").unwrap().unwrap().mode, mode);
    }
    let made = dir.create_beneath("a/b", Access::mode(0o777)).unwrap();
    assert_eq!(made.own_metadata().unwrap().mode, 0o777);
    // A folder that exists keeps its mode.
    std::fs::set_permissions(folder.path().join("a"), PermissionsExt::from_mode(0o711)).unwrap();
    dir.create_beneath("a/b", Access::mode(0o700)).unwrap();
    assert_eq!(dir.metadata("a").unwrap().unwrap().mode, 0o711);
}

#[test]
fn owner_and_group_are_set() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root can change owners");
        return;
    }
    let (folder, dir) = folder();
    let access = Access::mode(0o640).user(Some(1234)).group(Some(4321));
    write_atomic(&dir, "file", b"", access).unwrap();
    dir.create_beneath("folder", access).unwrap();
    drop(std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap());
    cnivpp::files::socket::set_access(&dir, "socket", access).unwrap();
    for name in ["file", "folder", "socket"] {
        let found = dir.metadata(name).unwrap().unwrap();
        assert_eq!(
            (found.uid, found.gid, found.mode),
            (1234, 4321, 0o640),
            "{name}"
        );
    }
    // The ID that means "do not change" is rejected.
    let unchanged = Access::mode(0o600).group(Some(u32::MAX));
    assert!(write_atomic(&dir, "file", b"x", unchanged).is_err());
    assert_eq!(dir.read("file", 1).unwrap().bytes, b"");
}

#[test]
fn only_the_recorded_file_is_removed() {
    let (folder, dir) = folder();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("file"), "").unwrap();
    let recorded = dir.metadata("file").unwrap().unwrap().identity;
    // The old file is kept, so that its inode is not reused.
    std::fs::rename(path("file"), path("old")).unwrap();
    std::fs::write(path("file"), "").unwrap();
    let error = dir.remove("file", Kind::File, Some(recorded)).unwrap_err();
    assert!(matches!(error.reason(), Reason::Replaced { .. }), "{error}");
    assert!(path("file").exists());
    assert!(dir.remove("old", Kind::File, Some(recorded)).unwrap());
    assert!(!dir.remove("old", Kind::File, Some(recorded)).unwrap());

    symlink("file", path("link")).unwrap();
    assert!(dir.remove_file("link").is_err());
    assert!(dir.remove_file("..").is_err());
    assert!(path("file").exists() && path("link").symlink_metadata().is_ok());
}

#[test]
fn only_empty_folders_are_removed() {
    let (folder, dir) = folder();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(path("full/inner")).unwrap();
    std::fs::create_dir(path("empty")).unwrap();
    symlink("empty", path("link")).unwrap();
    assert!(!dir.remove_empty_folder("full").unwrap());
    assert!(path("full/inner").exists());
    assert!(dir.remove_empty_folder("link").is_err());
    assert!(dir.remove_empty_folder("empty").unwrap());
    assert!(!dir.remove_empty_folder("empty").unwrap());
}

#[test]
fn a_rename_does_not_overwrite() {
    let (folder, dir) = folder();
    std::fs::write(folder.path().join("a"), "a").unwrap();
    symlink("a", folder.path().join("b")).unwrap();
    let error = dir.rename_new("a", "b").unwrap_err();
    assert_eq!(error.errno(), Some(Errno::EXIST));
    dir.rename_new("a", "c").unwrap();
    assert_eq!(dir.read("c", 1).unwrap().bytes, b"a");
}

#[test]
fn an_open_folder_does_not_change_when_its_path_is_replaced() {
    let (folder, dir) = folder();
    let elsewhere = tempfile::tempdir().unwrap();
    let made = dir.create_beneath("pod", Access::mode(0o700)).unwrap();
    std::fs::rename(folder.path().join("pod"), folder.path().join("moved")).unwrap();
    symlink(elsewhere.path(), folder.path().join("pod")).unwrap();
    write_atomic(&made, "file", b"x", MODE).unwrap();
    assert!(folder.path().join("moved/file").exists());
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn missing_folders_of_a_trusted_path_are_created() {
    let (folder, _) = folder();
    let path = folder.path().join("a/b/c");
    Dir::create(&path, Access::mode(0o700)).unwrap();
    Dir::create(&path, Access::mode(0o755)).unwrap();
    for part in ["a", "a/b", "a/b/c"] {
        let mode = folder
            .path()
            .join(part)
            .metadata()
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o7777, 0o700, "{part}");
    }
    std::fs::write(folder.path().join("file"), "").unwrap();
    assert!(Dir::create(folder.path().join("file/x"), MODE).is_err());
}

#[test]
fn control_characters_in_names_are_escaped() {
    let (folder, dir) = folder();
    std::fs::create_dir(folder.path().join("a\nb\u{1b}[2J")).unwrap();
    let text = dir.read("a\nb\u{1b}[2J", 1).unwrap_err().to_string();
    assert!(!text.contains(char::is_control), "{text:?}");
}

/// A pod replaces its folders by links while the host works in them.
#[test]
fn other_folders_are_not_changed_while_a_pod_swaps_its_folders() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let (folder, dir) = folder();
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::write(elsewhere.path().join("file"), "untouched").unwrap();
    std::fs::create_dir(elsewhere.path().join("inner")).unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(path("pod/inner")).unwrap();
    symlink(elsewhere.path(), path("link")).unwrap();
    let running = AtomicBool::new(true);
    let swap = || {
        let flags = rustix::fs::RenameFlags::EXCHANGE;
        while running.load(Ordering::Relaxed) {
            rustix::fs::renameat_with(CWD, path("pod"), CWD, path("link"), flags).unwrap();
        }
    };
    let (mut opened, mut rejected) = (0, 0);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    let mut work = || {
        while (opened < 50 || rejected < 50) && std::time::Instant::now() < deadline {
            let Ok(made) = dir.create_beneath("pod/inner/new", Access::mode(0o700)) else {
                rejected += 1;
                continue;
            };
            opened += 1;
            write_atomic(&made, "file", b"new", MODE).unwrap();
            made.remove_file("file").unwrap();
            if let Ok(inner) = dir.open_beneath("pod/inner") {
                inner.remove_empty_folder("new").unwrap();
            }
        }
    };
    std::thread::scope(|scope| {
        let swapping = scope.spawn(swap);
        let working = scope.spawn(&mut work);
        let worked = working.join();
        running.store(false, Ordering::Relaxed);
        swapping.join().unwrap();
        worked.unwrap();
    });
    assert!(opened > 0 && rejected > 0, "{opened} {rejected}");
    assert_eq!(
        std::fs::read(elsewhere.path().join("file")).unwrap(),
        b"untouched"
    );
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 2);
    assert_eq!(
        std::fs::read_dir(elsewhere.path().join("inner"))
            .unwrap()
            .count(),
        0
    );
}
