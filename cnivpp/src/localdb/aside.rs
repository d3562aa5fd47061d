use rustix::io::Errno;

use crate::files::{Dir, NAME_MAX, Result, check_name};

/// The most files of one name that are set aside.
const MOST: u32 = 1000;

/// Renames a file that cannot be read, so that it is out of the way and not lost: `<name>.aside-1`,
/// or the next number that is free. Returns the new name; `None` if the file is missing.
///
/// [`FileStore`](super::FileStore) does not list files of such names.
///
/// # Errors
/// When the system refuses, or a thousand such files exist.
pub fn set_aside(dir: &Dir, name: &str) -> Result<Option<String>> {
    check_name(name)?;
    let mut number = 1;
    loop {
        let suffix = format!(".aside-{number}");
        let aside = format!("{}{suffix}", shorten(name, NAME_MAX - suffix.len()));
        match dir.rename_new(name, &aside) {
            Ok(()) => return Ok(Some(aside)),
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) if error.errno() == Some(Errno::EXIST) && number < MOST => number += 1,
            Err(error) => return Err(error),
        }
    }
}

/// The start of a name, of at most `most` bytes.
fn shorten(name: &str, most: usize) -> &str {
    let mut end = most.min(name.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.get(..end).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_set_aside_replaces_no_other_one() {
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
