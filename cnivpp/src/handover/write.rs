//! Writes and removes the files of an attachment.

use serde::Serialize;

use super::name::{ADD_DATA, CONFIG_DATA, LOCAL, REMOTE, file_name};
use super::{
    AddData, Attachment, ConfigData, FoundAttachment, Interface, Remote, Source, UserSpaceConf,
};
use crate::files::{self, Access, Dir, sweep, write_atomic};
use crate::localdb::{Error, Result};

/// The name of the plugin.
const PLUGIN: &str = "userspace";

/// The users in the container that may read the files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Audience {
    /// The ID of a group of the container's user. If unset, only root can read a secret.
    pub gid: Option<u32>,
}

impl Audience {
    /// The permissions of a file: 0644, or with a secret 0640 for the group or 0600 if no group is
    /// set.
    #[must_use]
    pub fn file(self, has_secret: bool) -> Access {
        let mode = match (has_secret, self.gid) {
            (false, _) => 0o644,
            (true, Some(_)) => 0o640,
            (true, None) => 0o600,
        };
        Access::mode(mode).group(self.gid)
    }

    /// The permissions of the container's folder: 0775 for the group, because the container's
    /// program stores its record there, or 0755 if no group is set.
    #[must_use]
    pub fn folder(self) -> Access {
        let mode = if self.gid.is_some() { 0o775 } else { 0o755 };
        Access::mode(mode).group(self.gid)
    }
}

/// Writes the pair `remote-…` and `addData-…` for the container's program.
///
/// `addData` is written first, so that a reader that finds `remote` finds both.
///
/// # Errors
/// When a file cannot be written. [`remove`](super::remove) removes the other one.
pub fn write_pair(dir: &Dir, attachment: &Attachment, audience: Audience) -> Result<()> {
    let ConfigData {
        container_id,
        if_name,
        name,
        config,
        ip_result,
        vpp,
    } = ConfigData::new(attachment);
    let add_data_name = file_name(ADD_DATA, &container_id, &if_name);
    let remote_name = file_name(REMOTE, &container_id, &if_name);
    let add_data = AddData {
        container_id,
        if_name,
        ip_result,
        vpp,
    };
    let remote = Remote {
        name,
        plugin: PLUGIN.to_owned(),
        host: config,
        container: UserSpaceConf::default(),
    };
    let access = audience.file(has_secret(attachment));
    write(dir, &add_data_name, &add_data, access)?;
    write(dir, &remote_name, &remote, audience.file(false))
}

/// Writes `configData-…` for the container's program and for readers of the Go plugin's files.
///
/// # Errors
/// When the file cannot be written.
pub fn write_config_data(dir: &Dir, attachment: &Attachment, audience: Audience) -> Result<()> {
    let name = file_name(CONFIG_DATA, &attachment.container_id, &attachment.if_name);
    let access = audience.file(has_secret(attachment));
    write(dir, &name, &ConfigData::new(attachment), access)
}

/// Replaces a pair by the record of the container's program. `dir` is the folder of the pair.
///
/// The record survives a restart of the container. Attachments of other sources are not changed:
/// `configData` stays until DEL.
///
/// # Errors
/// When the record cannot be written: the pair stays. When the pair cannot be removed: the next
/// start reads it again, with the same content.
pub fn keep(dir: &Dir, found: &FoundAttachment) -> Result<()> {
    if found.source != Source::Pair {
        return Ok(());
    }
    let attachment = &found.attachment;
    let name = file_name(LOCAL, &attachment.container_id, &attachment.if_name);
    let mode = if has_secret(attachment) { 0o600 } else { 0o644 };
    write(dir, &name, &ConfigData::new(attachment), Access::mode(mode))?;
    // `remote` is removed first: readers look for it.
    for file in &found.files {
        dir.remove_file(file)?;
    }
    dir.sync()?;
    Ok(())
}

/// Removes all files of an attachment from a folder, including those that the container's program
/// wrote and temporary files of killed writers. Returns the names of the removed files.
///
/// An entry that has a file's name but is not a regular file stays and is reported: the container
/// may have created it.
///
/// # Errors
/// The names of the removed files and all errors. The function tries every file.
pub fn remove(
    dir: &Dir,
    container_id: &str,
    if_name: &str,
) -> std::result::Result<Vec<String>, (Vec<String>, Vec<files::Error>)> {
    let (mut removed, mut errors) = (Vec::new(), Vec::new());
    for prefix in [REMOTE, ADD_DATA, CONFIG_DATA, LOCAL] {
        let name = file_name(prefix, container_id, if_name);
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

fn has_secret(attachment: &Attachment) -> bool {
    matches!(&attachment.interface, Interface::Memif(memif) if !memif.secret.is_empty())
}

fn write(dir: &Dir, name: &str, value: &impl Serialize, access: Access) -> Result<()> {
    let bytes = serde_json::to_vec(value).map_err(|source| {
        let key = name.to_owned();
        Error::Json { key, source }
    })?;
    write_atomic(dir, name, &bytes, access)?;
    Ok(())
}
