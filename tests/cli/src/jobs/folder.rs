use std::path::{Path, PathBuf};

use crate::Session;
use crate::failure::Failure;
use crate::report::Step;
use crate::session::Created;
use crate::status::Status;

/// Makes the folders that a socket file needs and that are missing; VPP makes none.
pub(super) fn make(session: &mut Session, file: &Path) -> Result<(), Failure> {
    let missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    let folders = file.ancestors().skip(1).take_while(missing);
    let mut folders: Vec<PathBuf> = folders.map(Path::to_owned).collect();
    folders.reverse();
    for folder in folders {
        std::fs::create_dir(&folder).map_err(|error| {
            let text = format!("cannot make the folder {}: {error}", folder.display());
            Failure::new(Status::Other, text)
        })?;
        let step = Step {
            text: format!("folder {} made", folder.display()),
            ..Step::default()
        };
        session.made(Created::Folder(folder), step);
    }
    Ok(())
}
