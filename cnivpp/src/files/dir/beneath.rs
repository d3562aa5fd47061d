//! Opens a folder below another one without following symbolic links.

use std::path::PathBuf;

use rustix::fd::{BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, FileType, Mode, OFlags, ResolveFlags, openat, openat2, statat};
use rustix::io::{Errno, Result};

/// Opens `base/parts[0]/parts[1]/…`. No component is followed if it is a symbolic link.
pub(super) fn open(base: BorrowedFd<'_>, parts: &[&str], flags: OFlags) -> Result<OwnedFd> {
    match resolve(base, parts, flags) {
        // Linux before 5.6; a container's filter of system calls may answer EPERM.
        Err(Errno::NOSYS | Errno::PERM) => walk(base, parts, flags),
        // Another process renames folders meanwhile.
        Err(Errno::AGAIN) => walk(base, parts, flags),
        done => done,
    }
}

/// The kernel resolves the whole path.
fn resolve(base: BorrowedFd<'_>, parts: &[&str], flags: OFlags) -> Result<OwnedFd> {
    let path: PathBuf = parts.iter().collect();
    let path = if parts.is_empty() {
        PathBuf::from(".")
    } else {
        path
    };
    // With O_NOFOLLOW a link at the end would be reported as what is not a directory.
    let flags = flags.difference(OFlags::NOFOLLOW);
    let how = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
    openat2(base, &path, flags, Mode::empty(), how)
}

/// Opens one component after the other. No component is `..`, so that none leads out.
fn walk(base: BorrowedFd<'_>, parts: &[&str], flags: OFlags) -> Result<OwnedFd> {
    let mut here = openat(base, ".", flags, Mode::empty())?;
    for part in parts {
        here = openat(&here, *part, flags, Mode::empty()).map_err(|errno| {
            // The same error as that of openat2: a link is not a directory either.
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

    type Way = fn(BorrowedFd<'_>, &[&str], OFlags) -> Result<OwnedFd>;

    /// Both ways must agree: only one of them runs on the kernel of the tests.
    #[test]
    fn a_link_at_any_component_is_refused_by_both_ways() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        std::fs::create_dir_all(path.join("a/b/c")).unwrap();
        std::fs::write(path.join("a/file"), "").unwrap();
        symlink("/", path.join("absolute")).unwrap();
        symlink("a", path.join("relative")).unwrap();
        symlink("b", path.join("a/link")).unwrap();
        symlink(".", path.join("a/b/dot")).unwrap();
        let base = Dir::open(path).unwrap();
        let ways: [Way; 2] = [resolve, walk];
        for way in ways {
            let open = |parts: &[&str]| way(base.as_fd(), parts, FLAGS).map(drop);
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
