//! Renames and removes entries.

use rustix::fs::{AtFlags, RenameFlags, linkat, renameat_with, unlinkat};
use rustix::io::Errno;

use super::{Dir, Error, Identity, Kind, Reason, Result, check_name};

impl Dir {
    /// Removes an entry that is of the expected kind, and the one that was recorded if an
    /// identity is given. Returns whether it was present.
    ///
    /// # Errors
    /// When the entry is of another kind or has another identity; it stays. When the system
    /// refuses.
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
            // Another process has removed it meanwhile.
            Err(Errno::NOENT) => Ok(false),
            Err(errno) => Err(Error::system(OPERATION, self.path_of(name))(errno)),
        }
    }

    /// Removes a regular file. Returns whether it was present.
    ///
    /// # Errors
    /// As [`Dir::remove`].
    pub fn remove_file(&self, name: &str) -> Result<bool> {
        self.remove(name, Kind::File, None)
    }

    /// Removes a folder if it is empty. Returns whether it was removed; one that has entries
    /// stays.
    ///
    /// # Errors
    /// When the entry is not a folder, and when the system refuses.
    pub fn remove_empty_folder(&self, name: &str) -> Result<bool> {
        match self.remove(name, Kind::Folder, None) {
            Err(error) if matches!(error.errno(), Some(Errno::NOTEMPTY | Errno::EXIST)) => {
                Ok(false)
            }
            done => done,
        }
    }

    /// Renames an entry, if no entry has the new name.
    ///
    /// # Errors
    /// `EEXIST` when the new name is taken; nothing is changed then. When the system refuses.
    pub fn rename_new(&self, from: &str, to: &str) -> Result<()> {
        check_name(from)?;
        check_name(to)?;
        let failed = |errno| Error::system("rename", self.path_of(from))(errno);
        match renameat_with(self, from, self, to, RenameFlags::NOREPLACE) {
            Ok(()) => {}
            // Linux before 3.15, and file systems without it (NFS).
            Err(Errno::NOSYS | Errno::INVAL) => {
                linkat(self, from, self, to, AtFlags::empty()).map_err(failed)?;
                unlinkat(self, from, AtFlags::empty()).map_err(failed)?;
            }
            Err(errno) => return Err(failed(errno)),
        }
        self.sync()
    }
}
