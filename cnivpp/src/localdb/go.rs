//! Reads, writes and removes records of the Go plugin.

use serde::{Deserialize, Serialize};

use super::{Error, Result, cid12, set_aside};
use crate::files::{Access, Dir, write_atomic};

/// The size limit of a record in bytes. The Go plugin writes less than 60.
const LIMIT: usize = 64 << 10;

/// The record of an interface (`VppSavedData` in the Go plugin's `cnivpp/localdb.go`).
///
/// VPP reuses both numbers, so they do not identify an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct VppSavedData {
    /// VPP's number for the interface.
    #[serde(rename = "swIfIndex")]
    pub interface_sw_if_index: u32,
    /// VPP's number for the memif socket.
    #[serde(rename = "memifSocketId")]
    pub memif_socket_id: u32,
}

/// The result of [`load_vpp_config`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loaded {
    /// The attachment has no such record.
    Missing,
    /// The record.
    Found(VppSavedData),
    /// The record was unusable and was renamed. The caller reports it.
    SetAside {
        /// The file's new name.
        name: String,
        /// The reason.
        why: String,
    },
}

/// Reads the Go plugin's record of an attachment. Unlike the Go plugin, does not delete it; see
/// [`remove_vpp_config`].
///
/// The Go plugin truncates every container ID to 12 bytes. Unless the ID has 64 hex digits, the
/// record may therefore belong to another container, and the caller must compare it with VPP.
///
/// # Errors
/// When the record exists but cannot be read. It is not changed.
pub fn load_vpp_config(dir: &Dir, container_id: &str, if_name: &str) -> Result<Loaded> {
    for name in names(container_id, if_name) {
        let bytes = match dir.read(&name, LIMIT) {
            Ok(contents) => contents.bytes,
            Err(error) if error.is_missing() => continue,
            Err(error) => return Err(error.into()),
        };
        let why = match serde_json::from_slice(&bytes) {
            Ok(data) => return Ok(Loaded::Found(data)),
            Err(error) => format!("it is not a record of the Go plugin: {error}"),
        };
        if let Some(name) = set_aside(dir, &name)? {
            return Ok(Loaded::SetAside { name, why });
        }
    }
    Ok(Loaded::Missing)
}

/// Stores a record in the Go plugin's format, as `local-<cid12>-<ifname>.json` with mode 0600.
///
/// # Errors
/// When the file cannot be written. An existing record is not changed.
pub fn save_vpp_config(
    dir: &Dir,
    container_id: &str,
    if_name: &str,
    data: &VppSavedData,
) -> Result<()> {
    let name = name(&cid12(container_id), if_name);
    let bytes = serde_json::to_vec(data).map_err(|source| {
        let key = name.clone();
        Error::Json { key, source }
    })?;
    write_atomic(dir, &name, &bytes, Access::mode(0o600))?;
    Ok(())
}

/// Removes the record that [`load_vpp_config`] reads. Returns whether it existed.
///
/// # Errors
/// When it cannot be removed.
pub fn remove_vpp_config(dir: &Dir, container_id: &str, if_name: &str) -> Result<bool> {
    for name in names(container_id, if_name) {
        if dir.remove_file(&name)? {
            dir.sync()?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns this plugin's name of the record, and the Go plugin's if it differs.
fn names(container_id: &str, if_name: &str) -> Vec<String> {
    let mut names = vec![name(&cid12(container_id), if_name)];
    // The Go plugin crashes on shorter IDs.
    if let Some(start) = container_id.get(..12) {
        let go = name(start, if_name);
        if !names.contains(&go) {
            names.push(go);
        }
    }
    names
}

fn name(cid12: &str, if_name: &str) -> String {
    format!("local-{cid12}-{if_name}.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0958c8871b32f00d0958c8871b32f00d0958c8871b32f00d0958c8871b32f00d";
    const DATA: VppSavedData = VppSavedData {
        interface_sw_if_index: 3,
        memif_socket_id: 1,
    };

    fn folder() -> (tempfile::TempDir, Dir) {
        let folder = tempfile::tempdir().unwrap();
        let dir = Dir::open(folder.path()).unwrap();
        (folder, dir)
    }

    #[test]
    fn records_have_the_name_and_format_of_the_go_plugin() {
        let (folder, dir) = folder();
        save_vpp_config(&dir, ID, "net1", &DATA).unwrap();
        let path = folder.path().join("local-0958c8871b32-net1.json");
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(text, r#"{"swIfIndex":3,"memifSocketId":1}"#);
        let loaded = load_vpp_config(&dir, ID, "net1").unwrap();
        assert_eq!(loaded, Loaded::Found(DATA));
        assert!(remove_vpp_config(&dir, ID, "net1").unwrap());
        assert!(!remove_vpp_config(&dir, ID, "net1").unwrap());
        let loaded = load_vpp_config(&dir, ID, "net1").unwrap();
        assert_eq!(loaded, Loaded::Missing);
    }

    #[test]
    fn records_of_ids_that_the_go_plugin_truncates_are_found() {
        let (folder, dir) = folder();
        let path = folder.path().join("local-default-box1-eth0.json");
        std::fs::write(&path, r#"{"swIfIndex":3,"memifSocketId":1,"x":0}"#).unwrap();
        let loaded = load_vpp_config(&dir, "default-box10", "eth0").unwrap();
        assert_eq!(loaded, Loaded::Found(DATA));
        for shorter in ["default-a", "", "ääääääääääää"] {
            let loaded = load_vpp_config(&dir, shorter, "eth0").unwrap();
            assert_eq!(loaded, Loaded::Missing, "{shorter}");
        }
    }

    #[test]
    fn a_corrupt_record_is_set_aside() {
        let (folder, dir) = folder();
        let path = folder.path().join("local-0958c8871b32-net1.json");
        let corrupt: [&[u8]; 6] = [
            b"",
            b"{}",
            b"null",
            b"\xff\xfe",
            br#"{"swIfIndex":3}"#,
            br#"{"swIfIndex":-1,"memifSocketId":1}"#,
        ];
        for bytes in corrupt {
            std::fs::write(&path, bytes).unwrap();
            let loaded = load_vpp_config(&dir, ID, "net1").unwrap();
            let Loaded::SetAside { name, .. } = loaded else {
                panic!("{loaded:?}");
            };
            assert_eq!(dir.read(&name, 100).unwrap().bytes, bytes);
            let loaded = load_vpp_config(&dir, ID, "net1").unwrap();
            assert_eq!(loaded, Loaded::Missing);
        }
    }
}
