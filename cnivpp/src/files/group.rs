use std::fs::File;
use std::io::Read;
use std::path::Path;

use rustix::fs::{Mode, OFlags, open};
use rustix::io::{self, Errno};

use super::{Error, Reason, Result};

/// The system's group file.
pub const GROUP_FILE: &str = "/etc/group";

/// The size limit for the group file, in bytes.
const LIMIT: u64 = 4 << 20;

/// Returns the ID of a group from its ID or name.
///
/// Names are looked up in [`GROUP_FILE`]. NSS is not used, because it needs shared libraries and
/// the plugin is linked statically.
///
/// # Errors
/// When the group does not exist, or the file cannot be read.
pub fn group_id(group: &str) -> Result<u32> {
    group_id_from(Path::new(GROUP_FILE), group)
}

/// Does the same as [`group_id`] with another group file. A missing file has no groups.
///
/// # Errors
/// When the group does not exist, or the file cannot be read.
pub fn group_id_from(file: &Path, group: &str) -> Result<u32> {
    const OPERATION: &str = "look up the group in";
    let unknown = || Error::new(OPERATION, file, Reason::NoGroup(group.to_owned()));
    if let Ok(id) = group.parse::<u32>() {
        // chown(2) interprets it as "do not change".
        return if id == u32::MAX {
            Err(unknown())
        } else {
            Ok(id)
        };
    }
    let text = match read(file) {
        Ok(text) => text,
        Err(Errno::NOENT) => return Err(unknown()),
        Err(errno) => return Err(Error::system(OPERATION, file)(errno)),
    };
    String::from_utf8_lossy(&text)
        .lines()
        .find_map(|line| parse(line, group))
        .ok_or_else(unknown)
}

/// Reads the file. Symbolic links are followed, because only the administrator can change it.
fn read(file: &Path) -> io::Result<Vec<u8>> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    let file = File::from(open(file, flags, Mode::empty())?);
    let mut text = Vec::new();
    match file.take(LIMIT).read_to_end(&mut text) {
        Ok(_) => Ok(text),
        Err(error) => Err(Errno::from_io_error(&error).unwrap_or(Errno::IO)),
    }
}

/// Returns the ID in `name:password:id:members` if the name is `group`.
fn parse(line: &str, group: &str) -> Option<u32> {
    let mut fields = line.split(':');
    if fields.next() != Some(group) || group.is_empty() {
        return None;
    }
    fields
        .nth(1)?
        .trim()
        .parse()
        .ok()
        .filter(|it| *it != u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_found_by_number_and_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("group");
        std::fs::write(&file, "root:x:0:\n# x\nvpp:x:998:a,b\nbad:x:no:\n\n:x:1:\n").unwrap();
        assert_eq!(group_id_from(&file, "vpp").unwrap(), 998);
        assert_eq!(group_id_from(&file, "107").unwrap(), 107);
        for unknown in ["VPP", "vp", "bad", "", "# x", "4294967295", "-1"] {
            let error = group_id_from(&file, unknown).unwrap_err();
            assert!(error.to_string().contains("has no group"), "{error}");
        }
    }

    #[test]
    fn a_missing_group_file_has_no_groups() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("etc/group");
        let error = group_id_from(&file, "vpp").unwrap_err().to_string();
        assert!(error.contains("has no group \"vpp\""), "{error}");
        assert_eq!(group_id_from(&file, "0").unwrap(), 0);
    }
}
