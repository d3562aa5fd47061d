use rustix::io::Errno;

use crate::files::{Dir, NAME_MAX, Result, check_name};

/// The maximum number of files of one name that are set aside.
const MAX_FILES: u32 = 1000;

/// Renames an unreadable file to `<name>.aside-1`, or the next free number, so that it is kept but
/// no longer used. Returns the new name; `None` if the file is missing.
///
/// [`FileStore`](super::FileStore) does not list files of such names.
///
/// # Errors
/// When a system call fails, or a thousand such files exist.
pub fn set_aside(dir: &Dir, name: &str) -> Result<Option<String>> {
    check_name(name)?;
    let mut number = 1;
    loop {
        let suffix = format!(".aside-{number}");
        let aside = format!("{}{suffix}", shorten(name, NAME_MAX - suffix.len()));
        match dir.rename_new(name, &aside) {
            Ok(()) => return Ok(Some(aside)),
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) if error.errno() == Some(Errno::EXIST) && number < MAX_FILES => number += 1,
            Err(error) => return Err(error),
        }
    }
}

/// Returns the first `length` bytes of a name, without cutting a character.
fn shorten(name: &str, length: usize) -> &str {
    let mut end = length.min(name.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.get(..end).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn setting_a_file_aside_overwrites_no_other_file() {
        let folder = tempfile::tempdir().unwrap();
        let dir = Dir::open(folder.path()).unwrap();
        let longest = "ü".repeat(127);
        for name in ["r.json", &longest] {
            for content in ["one", "two"] {
                std::fs::write(folder.path().join(name), content).unwrap();
                let aside = set_aside(&dir, name).unwrap().expect("it exists");
                assert!(aside.len() <= NAME_MAX);
                assert_eq!(dir.read(&aside, 9).unwrap().bytes, content.as_bytes());
            }
            assert_eq!(set_aside(&dir, name).unwrap(), None);
        }
        assert_eq!(dir.read("r.json.aside-1", 9).unwrap().bytes, b"one");
        assert_eq!(dir.read("r.json.aside-2", 9).unwrap().bytes, b"two");
        assert_eq!(dir.list(9).unwrap().len(), 4);
    }
}
