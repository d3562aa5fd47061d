use std::path::PathBuf;

/// A pod's volume `shared-dir`, which holds the socket files and the configuration of the pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedDir {
    /// The folder on the node. kubelet creates it before it starts the sandbox.
    pub host: PathBuf,
    /// The path in the pod: `mountPath` of the container that mounts the volume.
    pub mount_path: PathBuf,
}
