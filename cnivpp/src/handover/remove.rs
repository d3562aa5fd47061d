use super::name::{ADD_DATA, CONFIG_DATA, LOCAL, REMOTE, file_name};
use crate::files::{Dir, Error, sweep};

/// Removes all files of an attachment from a folder, also those that the container's program
/// has written, and what killed writers left. Returns the names of what was removed.
///
/// What has a file's name and is not a regular file stays and is reported: the container may
/// have put it there.
///
/// # Errors
/// All of them, after everything else was tried; and what was removed nevertheless.
pub fn remove(
    dir: &Dir,
    container_id: &str,
    if_name: &str,
) -> Result<Vec<String>, (Vec<String>, Vec<Error>)> {
    let (mut removed, mut errors) = (Vec::new(), Vec::new());
    for start in [REMOTE, ADD_DATA, CONFIG_DATA, LOCAL] {
        let name = file_name(start, container_id, if_name);
        match dir.remove_file(&name) {
            Ok(true) => removed.push(name),
            Ok(false) => {}
            Err(error) => errors.push(error),
        }
    }
    match sweep(dir) {
        Ok(names) => removed.extend(names),
        Err(error) => errors.push(error),
    }
    if errors.is_empty() {
        Ok(removed)
    } else {
        Err((removed, errors))
    }
}
