use serde::Serialize;

use super::name::{ADD_DATA, CONFIG_DATA, REMOTE, file_name};
use super::{AddData, Attachment, ConfigData, Interface, Remote, UserSpaceConf};
use crate::files::{Access, Dir, write_atomic};
use crate::localdb::{Error, Result};

/// The name of the plugin.
const PLUGIN: &str = "userspace";

/// Who in the container may read the files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Audience {
    /// The number of a group that the container's user is in. Unset: only root gets a secret.
    pub gid: Option<u32>,
}

impl Audience {
    /// For a file: all may read it (0644) unless it has a secret; such a file is for the group
    /// (0640), or for root (0600) where no group is set.
    #[must_use]
    pub fn file(self, has_secret: bool) -> Access {
        let mode = match (has_secret, self.gid) {
            (false, _) => 0o644,
            (true, Some(_)) => 0o640,
            (true, None) => 0o600,
        };
        Access::mode(mode).group(self.gid)
    }

    /// For the folder of a container: the group may write into it (0775), since the container's
    /// program stores its record there; without a group only root may (0755).
    #[must_use]
    pub fn folder(self) -> Access {
        let mode = if self.gid.is_some() { 0o775 } else { 0o755 };
        Access::mode(mode).group(self.gid)
    }
}

/// Writes the pair `remote-…` and `addData-…` for the container's program.
///
/// `addData` comes first, so that a reader that finds `remote` finds both.
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

pub(super) fn has_secret(attachment: &Attachment) -> bool {
    matches!(&attachment.interface, Interface::Memif(memif) if !memif.secret.is_empty())
}

pub(super) fn write(dir: &Dir, name: &str, value: &impl Serialize, access: Access) -> Result<()> {
    let bytes = serde_json::to_vec(value).map_err(|source| {
        let key = name.to_owned();
        Error::Json { key, source }
    })?;
    write_atomic(dir, name, &bytes, access)?;
    Ok(())
}
