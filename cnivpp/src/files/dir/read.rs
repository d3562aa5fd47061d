use std::fs::File;
use std::io::Read;

use rustix::fs::{Mode, OFlags, fstat, openat};
use rustix::io::Errno;

use super::{Dir, Error, Kind, Metadata, Reason, Result};

/// What [`Dir::read`] returns: a file's bytes and which file they are from.
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
    /// When the file is missing ([`Error::is_missing`]), is a symbolic link, FIFO, socket,
    /// folder or device, is larger than `limit`, and when the system refuses.
    pub fn read(&self, name: &str, limit: usize) -> Result<Contents> {
        const OPERATION: &str = "read";
        let failed = |errno| Error::system(OPERATION, self.path_of(name))(errno);
        // To open a device can change it, so that the kind is checked first.
        if self.expect_kind(OPERATION, name, Kind::File)?.is_none() {
            return Err(failed(Errno::NOENT));
        }
        // Another entry may have the name by now: a FIFO must not block, nor a file on
        // which its owner holds a lease.
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
        // One byte more than allowed: the file may grow while it is read.
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        let read = File::from(file).take(most).read_to_end(&mut bytes);
        read.map_err(|error| failed(Errno::from_io_error(&error).unwrap_or(Errno::IO)))?;
        if bytes.len() > limit {
            let reason = Reason::TooLarge { limit };
            return Err(Error::new(OPERATION, self.path_of(name), reason));
        }
        Ok(Contents { bytes, metadata })
    }

    /// The names of the folder's entries, sorted. Names that are not UTF-8 are left out:
    /// no file of this crate has such a name.
    ///
    /// # Errors
    /// When the folder has more than `limit` entries, and when the system refuses.
    pub fn list(&self, limit: usize) -> Result<Vec<String>> {
        const OPERATION: &str = "list the folder";
        let failed = |errno| Error::system(OPERATION, self.path())(errno);
        let mut names = Vec::new();
        for (n, entry) in rustix::fs::Dir::read_from(self)
            .map_err(failed)?
            .enumerate()
        {
            // The two entries are "." and "..".
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
}
