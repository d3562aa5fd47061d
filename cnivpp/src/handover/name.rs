use crate::localdb::cid12;

/// Where the container has the folder of its files.
pub const DEFAULT_DIR: &str = "/var/lib/cni/usrspcni/data";

/// Where the container has the folder that it shares with the host, unless the pod's annotation
/// `userspace/mapped-dir` names another one.
pub const DEFAULT_MAPPED_DIR: &str = "/var/lib/cni/usrspcni";

/// Where host and container have the socket files, where no shared folder is configured.
pub const SHARED_DIR: &str = "/var/lib/cni/usrspcni/shared";

/// What the names of the files start with.
pub(super) const REMOTE: &str = "remote-";
pub(super) const ADD_DATA: &str = "addData-";
pub(super) const CONFIG_DATA: &str = "configData-";
pub(super) const LOCAL: &str = "local-";

/// What they end with.
pub(super) const SUFFIX: &str = ".json";

/// The name of a file of an attachment.
pub(super) fn file_name(start: &str, container_id: &str, if_name: &str) -> String {
    format!("{start}{}-{if_name}{SUFFIX}", cid12(container_id))
}

/// The part of a file's name that tells attachments apart.
pub(super) fn key_of<'a>(name: &'a str, start: &str) -> Option<&'a str> {
    name.strip_prefix(start)?.strip_suffix(SUFFIX)
}

/// The name of an attachment's memif socket, unless another one is configured.
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
