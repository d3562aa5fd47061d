//! Reads, lists, renames and removes the entries of a folder.

use std::ffi::CString;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use rustix::fs::{AtFlags, Mode, OFlags, RenameFlags};
use rustix::fs::{fstat, linkat, openat, readlinkat, renameat, renameat_with, symlinkat, unlinkat};
use rustix::io::Errno;

use super::{Dir, Error, Identity, Kind, Metadata, Reason, Result, check_name};

/// The content of a file and the file's metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contents {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// Kind, identity, owner and permissions of the file.
    pub metadata: Metadata,
}

impl Dir {
    /// Reads a regular file of at most `limit` bytes.
    ///
    /// # Errors
    /// When the file is missing ([`Error::is_missing`]), is not a regular file, is larger than
    /// `limit`, or a system call fails.
    pub fn read(&self, name: &str, limit: usize) -> Result<Contents> {
        const OPERATION: &str = "read";
        let failed = |errno| Error::system(OPERATION, self.path_of(name))(errno);
        // Opening a device can change it, so the kind is checked first.
        if self.expect_kind(OPERATION, name, Kind::File)?.is_none() {
            return Err(failed(Errno::NOENT));
        }
        // The entry may have been replaced: NONBLOCK avoids blocking on a FIFO, or on a file with a
        // lease.
        let flags =
            OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let file = openat(self, name, flags, Mode::empty()).map_err(failed)?;
        let metadata = Metadata::of(&fstat(&file).map_err(failed)?);
        if metadata.kind != Kind::File {
            let (expected, found) = (Kind::File, metadata.kind);
            let reason = Reason::Kind { expected, found };
            return Err(Error::new(OPERATION, self.path_of(name), reason));
        }
        let mut bytes = Vec::new();
        // Reads one byte more than allowed, because the file may grow meanwhile.
        let length = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        let read = File::from(file).take(length).read_to_end(&mut bytes);
        read.map_err(|error| failed(Errno::from_io_error(&error).unwrap_or(Errno::IO)))?;
        if bytes.len() > limit {
            let reason = Reason::TooLarge { limit };
            return Err(Error::new(OPERATION, self.path_of(name), reason));
        }
        Ok(Contents { bytes, metadata })
    }

    /// Lists the names of the entries, sorted. Names that are not UTF-8 are omitted: this crate
    /// creates none.
    ///
    /// # Errors
    /// When the folder has more than `limit` entries, or a system call fails.
    pub fn list(&self, limit: usize) -> Result<Vec<String>> {
        const OPERATION: &str = "list the folder";
        let failed = |errno| Error::system(OPERATION, self.path())(errno);
        let mut names = Vec::new();
        for (n, entry) in rustix::fs::Dir::read_from(self)
            .map_err(failed)?
            .enumerate()
        {
            // "." and ".." are two more entries.
            if n >= limit.saturating_add(2) {
                let reason = Reason::TooMany { limit };
                return Err(Error::new(OPERATION, self.path(), reason));
            }
            let entry = entry.map_err(failed)?;
            match entry.file_name().to_str() {
                Ok("." | "..") | Err(_) => {}
                Ok(name) => names.push(name.to_owned()),
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Removes an entry of the expected kind, and with the recorded identity if one is given.
    /// Returns whether it existed.
    ///
    /// # Errors
    /// When the entry has another kind or identity: it stays. When a system call fails.
    pub fn remove(&self, name: &str, kind: Kind, recorded: Option<Identity>) -> Result<bool> {
        const OPERATION: &str = "remove";
        let Some(found) = self.expect_kind(OPERATION, name, kind)? else {
            return Ok(false);
        };
        if let Some(expected) = recorded
            && expected != found
        {
            let reason = Reason::Replaced { expected, found };
            return Err(Error::new(OPERATION, self.path_of(name), reason));
        }
        let flags = match kind {
            Kind::Folder => AtFlags::REMOVEDIR,
            _ => AtFlags::empty(),
        };
        match unlinkat(self, name, flags) {
            Ok(()) => Ok(true),
            // Another process removed it meanwhile.
            Err(Errno::NOENT) => Ok(false),
            Err(errno) => Err(Error::system(OPERATION, self.path_of(name))(errno)),
        }
    }

    /// Removes a regular file. Returns whether it existed.
    ///
    /// # Errors
    /// As [`Dir::remove`].
    pub fn remove_file(&self, name: &str) -> Result<bool> {
        self.remove(name, Kind::File, None)
    }

    /// Removes a folder if it is empty. Returns whether it was removed.
    ///
    /// # Errors
    /// When the entry is not a folder, or a system call fails.
    pub fn remove_empty_folder(&self, name: &str) -> Result<bool> {
        match self.remove(name, Kind::Folder, None) {
            Err(error) if matches!(error.errno(), Some(Errno::NOTEMPTY | Errno::EXIST)) => {
                Ok(false)
            }
            done => done,
        }
    }

    /// Creates a symbolic link, or replaces an existing one with another target. A link with this
    /// target is kept.
    ///
    /// # Errors
    /// `EEXIST` when the entry exists and is not a link: it stays. When a system call fails.
    pub fn create_link(&self, name: &str, target: &Path) -> Result<()> {
        const OPERATION: &str = "create the link";
        check_name(name)?;
        let failed = |errno| Error::system(OPERATION, self.path_of(name))(errno);
        let is_same = |found: &CString| found.as_bytes() == target.as_os_str().as_encoded_bytes();
        match symlinkat(target, self, name) {
            Err(Errno::EXIST) => {}
            done => return done.map_err(failed),
        }
        match readlinkat(self, name, Vec::new()) {
            Ok(found) if is_same(&found) => return Ok(()),
            Ok(_) => {}
            Err(Errno::INVAL) => return Err(failed(Errno::EXIST)),
            Err(errno) => return Err(failed(errno)),
        }
        let temporary = format!("{name}.new");
        self.remove(&temporary, Kind::Symlink, None)?;
        symlinkat(target, self, temporary.as_str()).map_err(failed)?;
        renameat(self, temporary.as_str(), self, name).map_err(failed)
    }

    /// Renames an entry if the new name does not exist.
    ///
    /// # Errors
    /// `EEXIST` when the new name exists: nothing is changed. When a system call fails.
    pub fn rename_new(&self, from: &str, to: &str) -> Result<()> {
        check_name(from)?;
        check_name(to)?;
        let failed = |errno| Error::system("rename", self.path_of(from))(errno);
        match renameat_with(self, from, self, to, RenameFlags::NOREPLACE) {
            Ok(()) => {}
            // Linux before 3.15, and file systems that do not support it (NFS).
            Err(Errno::NOSYS | Errno::INVAL) => {
                linkat(self, from, self, to, AtFlags::empty()).map_err(failed)?;
                unlinkat(self, from, AtFlags::empty()).map_err(failed)?;
            }
            Err(errno) => return Err(failed(errno)),
        }
        self.sync()
    }
}
