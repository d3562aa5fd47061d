//! Opens a folder below another one without following symbolic links.

use std::path::PathBuf;

use rustix::fd::{BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, FileType, Mode, OFlags, ResolveFlags, openat, openat2, statat};
use rustix::io::{Errno, Result};

/// Opens `base/parts[0]/parts[1]/…`. Fails if a component is a symbolic link.
pub(super) fn open(base: BorrowedFd<'_>, parts: &[&str], flags: OFlags) -> Result<OwnedFd> {
    match resolve(base, parts, flags) {
        // Linux before 5.6. A container's seccomp filter may return EPERM.
        Err(Errno::NOSYS | Errno::PERM) => walk(base, parts, flags),
        // Another process renamed a folder meanwhile.
        Err(Errno::AGAIN) => walk(base, parts, flags),
        done => done,
    }
}

/// Lets the kernel resolve the whole path.
fn resolve(base: BorrowedFd<'_>, parts: &[&str], flags: OFlags) -> Result<OwnedFd> {
    let path: PathBuf = parts.iter().collect();
    let path = if parts.is_empty() {
        PathBuf::from(".")
    } else {
        path
    };
    // With O_NOFOLLOW, a link as the last component would give ENOTDIR instead of ELOOP.
    let flags = flags.difference(OFlags::NOFOLLOW);
    let how = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
    openat2(base, &path, flags, Mode::empty(), how)
}

/// Opens one component after the other. No component is `..`, so the walk stays below `base`.
fn walk(base: BorrowedFd<'_>, parts: &[&str], flags: OFlags) -> Result<OwnedFd> {
    let mut here = openat(base, ".", flags, Mode::empty())?;
    for part in parts {
        here = openat(&here, *part, flags, Mode::empty()).map_err(|errno| {
            // Returns ELOOP for a link, as openat2 does.
            let is_link = errno == Errno::NOTDIR
                && statat(&here, *part, AtFlags::SYMLINK_NOFOLLOW)
                    .is_ok_and(|it| FileType::from_raw_mode(it.st_mode) == FileType::Symlink);
            if is_link { Errno::LOOP } else { errno }
        })?;
    }
    Ok(here)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use rustix::fd::AsFd;

    use super::super::{Dir, FLAGS};
    use super::*;

    type Opener = fn(BorrowedFd<'_>, &[&str], OFlags) -> Result<OwnedFd>;

    /// Both functions must agree. Without this test, only one of them would run.
    #[test]
    fn both_functions_reject_a_link_at_any_component() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        std::fs::create_dir_all(path.join("a/b/c")).unwrap();
        std::fs::write(path.join("a/file"), "").unwrap();
        symlink("/", path.join("absolute")).unwrap();
        symlink("a", path.join("relative")).unwrap();
        symlink("b", path.join("a/link")).unwrap();
        symlink(".", path.join("a/b/dot")).unwrap();
        let base = Dir::open(path).unwrap();
        let openers: [Opener; 2] = [resolve, walk];
        for opener in openers {
            let open = |parts: &[&str]| opener(base.as_fd(), parts, FLAGS).map(drop);
            assert_eq!(open(&[]), Ok(()));
            assert_eq!(open(&["a", "b", "c"]), Ok(()));
            assert_eq!(open(&["absolute"]), Err(Errno::LOOP));
            assert_eq!(open(&["absolute", "etc"]), Err(Errno::LOOP));
            assert_eq!(open(&["relative", "b"]), Err(Errno::LOOP));
            assert_eq!(open(&["a", "link"]), Err(Errno::LOOP));
            assert_eq!(open(&["a", "link", "c"]), Err(Errno::LOOP));
            assert_eq!(open(&["a", "b", "dot", "c"]), Err(Errno::LOOP));
            assert_eq!(open(&["a", "file"]), Err(Errno::NOTDIR));
            assert_eq!(open(&["a", "x"]), Err(Errno::NOENT));
        }
    }
}
