use crate::localdb::cid12;

/// The container's path of the folder with its files.
pub const DEFAULT_DIR: &str = "/var/lib/cni/usrspcni/data";

/// The container's path of the folder that it shares with the host. The pod's annotation
/// `userspace/mapped-dir` overrides it.
pub const DEFAULT_MAPPED_DIR: &str = "/var/lib/cni/usrspcni";

/// The folder of socket files on the host and in the container if no shared folder is configured.
pub const SHARED_DIR: &str = "/var/lib/cni/usrspcni/shared";

/// The prefixes of the file names.
pub(super) const REMOTE: &str = "remote-";
pub(super) const ADD_DATA: &str = "addData-";
pub(super) const CONFIG_DATA: &str = "configData-";
pub(super) const LOCAL: &str = "local-";

/// The suffix of the file names.
pub(super) const SUFFIX: &str = ".json";

/// Returns the name of a file of an attachment.
pub(super) fn file_name(prefix: &str, container_id: &str, if_name: &str) -> String {
    format!("{prefix}{}-{if_name}{SUFFIX}", cid12(container_id))
}

/// Returns the part of a file's name that identifies the attachment.
pub(super) fn key_of<'a>(name: &'a str, prefix: &str) -> Option<&'a str> {
    name.strip_prefix(prefix)?.strip_suffix(SUFFIX)
}

/// Returns the default name of an attachment's memif socket.
///
/// ```
/// let id = "0958c8871b32f00d".repeat(4);
/// let name = cnivpp::handover::socket_name(&id, "net1");
/// assert_eq!(name, "memif-0958c8871b32-net1.sock");
/// ```
#[must_use]
pub fn socket_name(container_id: &str, if_name: &str) -> String {
    format!("memif-{}-{if_name}.sock", cid12(container_id))
}
