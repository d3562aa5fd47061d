//! Tests with full and read-only disks.

use std::path::Path;

use cnivpp::files::{Access, Dir, Lock, LockKind, write_atomic};
use cnivpp::localdb::{Expect, FileStore, Store};
use rustix::io::Errno;

use crate::support::{can_mount, child_after, folder, run};

const OLD: &[u8] = b"old";
const MODE: Access = Access::mode(0o600);

/// Child role: fills the disk.
pub(crate) fn fill(folder: &Path) {
    let dir = Dir::open(folder).unwrap();
    write_atomic(&dir, "file", OLD, MODE).unwrap();
    let store = FileStore::open(folder).unwrap();
    let version = store.put("key", OLD, Expect::Absent).unwrap();
    let large = vec![b'x'; 128 << 10];
    let error = write_atomic(&dir, "file", &large, MODE).unwrap_err();
    assert!(
        matches!(error.errno(), Some(Errno::NOSPC | Errno::FBIG)),
        "{error}"
    );
    let error = error.to_string();
    assert!(
        error.contains("ENOSPC: no space left") || error.contains("EFBIG"),
        "{error}"
    );
    assert!(
        store
            .put("key", &large, Expect::Version(version.clone()))
            .is_err()
    );
    assert_eq!(dir.read("file", 10).unwrap().bytes, OLD);
    assert_eq!(store.get("key").unwrap().unwrap().version, version);
    let left: Vec<_> = dir
        .list(20)
        .unwrap()
        .into_iter()
        .filter(|it| it.contains("tmp"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    // Small writes still succeed.
    store.put("key", b"new", Expect::Version(version)).unwrap();
    println!("filled");
}

/// Child role: tries to write to a read-only disk.
pub(crate) fn read_only(folder: &Path) {
    let dir = Dir::open(folder).unwrap();
    write_atomic(&dir, "file", OLD, MODE).unwrap();
    let mut remount = std::process::Command::new("mount");
    let status = remount.args(["-o", "remount,ro"]).arg(folder).status();
    assert!(status.unwrap().success());
    let errors = [
        write_atomic(&dir, "file", b"new", MODE).unwrap_err(),
        write_atomic(&dir, "other", b"new", MODE).unwrap_err(),
        dir.remove_file("file").unwrap_err(),
        dir.rename_new("file", "other").unwrap_err(),
        dir.create_beneath("a/b", MODE).unwrap_err(),
        Lock::try_acquire(&dir, "lock", LockKind::Shared).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.errno(), Some(Errno::ROFS), "{error}");
        assert!(
            error.to_string().contains("EROFS: read-only file system"),
            "{error}"
        );
    }
    let store = FileStore::open(folder).unwrap();
    assert!(store.put("key", b"", Expect::Any).is_err());
    assert_eq!(store.get("key").unwrap(), None);
    assert_eq!(dir.read("file", 10).unwrap().bytes, OLD);
    assert_eq!(dir.list(10).unwrap(), ["file"]);
    println!("rejected");
}

fn mounted(folder: &Path) -> String {
    format!("mount -t tmpfs -o size=64k none '{}'", folder.display())
}

#[test]
fn a_full_disk_leaves_the_old_content() {
    let (folder, _) = folder();
    if !can_mount() {
        return;
    }
    let script = mounted(folder.path());
    let child = child_after(&script, "fill", folder.path(), &["unshare", "-m"]);
    assert!(run(child).contains("filled"));
}

#[test]
fn a_file_size_limit_leaves_the_old_content() {
    let (folder, _) = folder();
    // The unit of the limit is 512 or 1024 bytes.
    let script = "trap '' XFSZ && ulimit -f 64";
    let child = child_after(script, "fill", folder.path(), &[]);
    assert!(run(child).contains("filled"));
}

#[test]
fn a_read_only_disk_is_reported_and_leaves_the_old_content() {
    let (folder, _) = folder();
    if !can_mount() {
        return;
    }
    let script = mounted(folder.path());
    let child = child_after(&script, "read_only", folder.path(), &["unshare", "-m"]);
    assert!(run(child).contains("rejected"));
}
