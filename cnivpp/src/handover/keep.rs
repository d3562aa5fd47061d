use super::name::{LOCAL, file_name};
use super::write::{has_secret, write};
use super::{ConfigData, Source, Sourced};
use crate::files::{Access, Dir};
use crate::localdb::Result;

/// Stores what was read as a pair in the record of the container's program, and removes the pair.
/// `dir` is the folder of the pair.
///
/// The record survives a restart of the container. An attachment of another source is left as it
/// is: `configData` stays until DEL.
///
/// # Errors
/// When the record cannot be written; the pair stays then. When the pair cannot be removed; it
/// is then read again at the next start, with the same content.
pub fn keep(dir: &Dir, sourced: &Sourced) -> Result<()> {
    if sourced.source != Source::Pair {
        return Ok(());
    }
    let attachment = &sourced.attachment;
    let name = file_name(LOCAL, &attachment.container_id, &attachment.if_name);
    let mode = if has_secret(attachment) { 0o600 } else { 0o644 };
    write(dir, &name, &ConfigData::new(attachment), Access::mode(mode))?;
    // `remote` comes first: a reader goes by it.
    for file in &sourced.files {
        dir.remove_file(file)?;
    }
    dir.sync()?;
    Ok(())
}
