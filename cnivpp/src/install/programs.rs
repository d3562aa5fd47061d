use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The programs, which are in one folder.
const NAMES: [&str; 2] = ["userspace", "usrsp-app"];

/// What was done with a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Installed {
    /// It was copied to this path.
    Copied(PathBuf),
    /// The file at this path has the same content.
    Unchanged(PathBuf),
}

/// Copies the programs from the folder `from` to a folder of the node.
///
/// Each copy is written to a temporary file, synced and renamed. The runtime therefore never starts an
/// incomplete file, and a running call keeps its old program. A symbolic link at the target is replaced
/// and not followed. `usrsp-app` is optional.
///
/// # Errors
/// A file cannot be read or written. The target then is as before.
pub fn programs(from: &Path, to: &Path) -> io::Result<Vec<Installed>> {
    let mut all = Vec::new();
    for name in NAMES {
        let source = from.join(name);
        if name != NAMES[0] && !source.exists() {
            continue;
        }
        let target = to.join(name);
        let failed = |error: io::Error| {
            let (source, target) = (source.display(), target.display());
            let text = format!("cannot copy {source} to {target}: {error}");
            io::Error::new(error.kind(), text)
        };
        all.push(if is_same(&source, &target).map_err(failed)? {
            Installed::Unchanged(target.clone())
        } else {
            copy(&source, to, name.as_ref()).map_err(failed)?;
            Installed::Copied(target.clone())
        });
    }
    Ok(all)
}

/// Whether the target is a regular executable file with the content of the source.
fn is_same(source: &Path, target: &Path) -> io::Result<bool> {
    let found = match fs::symlink_metadata(target) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let is_executable = found.permissions().mode() & 0o7777 == 0o755;
    if !found.is_file() || !is_executable || found.len() != fs::metadata(source)?.len() {
        return Ok(false);
    }
    let (mut one, mut other) = (File::open(source)?, File::open(target)?);
    let (mut a, mut b) = (Vec::new(), Vec::new());
    const PART: u64 = 1 << 20;
    loop {
        a.clear();
        b.clear();
        (&mut one).take(PART).read_to_end(&mut a)?;
        (&mut other).take(PART).read_to_end(&mut b)?;
        if a != b {
            return Ok(false);
        }
        if a.is_empty() {
            return Ok(true);
        }
    }
}

fn copy(source: &Path, folder: &Path, name: &OsStr) -> io::Result<()> {
    // The name starts with a dot, because runtimes look for programs by their name. Installers do not
    // run at the same time: the DaemonSet has one pod per node.
    let temporary = folder.join(format!(".{}.new", name.to_string_lossy()));
    match fs::remove_file(&temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let written = write(source, &temporary).and_then(|()| {
        fs::rename(&temporary, folder.join(name))?;
        File::open(folder)?.sync_all()
    });
    if written.is_err() {
        // The first error is reported.
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn write(source: &Path, temporary: &Path) -> io::Result<()> {
    let mut from = File::open(source)?;
    let mut options = fs::OpenOptions::new();
    let mut to = options
        .write(true)
        .create_new(true)
        .mode(0o755)
        .open(temporary)?;
    io::copy(&mut from, &mut to)?;
    to.flush()?;
    to.set_permissions(fs::Permissions::from_mode(0o755))?;
    to.sync_all()
}
