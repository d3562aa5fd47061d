use std::path::Path;

use cnivpp::engine::{Step, steps};

use crate::Session;
use crate::failure::Failure;

/// Creates the folders that a socket file needs and that are missing; VPP creates none.
pub(super) async fn make(session: &mut Session, file: &Path) -> Result<(), Failure> {
    for folder in steps::Folder::missing_for(file) {
        session.step(Step::Folder(folder)).await?;
    }
    Ok(())
}
