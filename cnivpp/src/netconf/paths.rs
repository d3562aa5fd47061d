use std::path::{Component, Path, PathBuf};

use crate::cni::fields::{Fields, Problems};

/// The paths of one folder on the node, in VPP's container and in the pod.
///
/// A path below [`host`](Self::host) is below [`vpp`](Self::vpp) in VPP's container and below
/// [`pod`](Self::pod) in the pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The path on the node.
    pub host: PathBuf,
    /// The path in VPP's container.
    pub vpp: PathBuf,
    /// The path in the pod.
    pub pod: PathBuf,
}

impl Paths {
    /// Maps a path of the node to VPP's container. Paths outside [`host`](Self::host) stay.
    #[must_use]
    pub fn to_vpp(&self, path: &Path) -> PathBuf {
        map(path, &self.host, &self.vpp)
    }

    /// Maps a path of the node to the pod. Paths outside [`host`](Self::host) stay.
    #[must_use]
    pub fn to_pod(&self, path: &Path) -> PathBuf {
        map(path, &self.host, &self.pod)
    }

    /// Reads the object.
    pub(super) fn read(fields: &Fields<'_>, problems: &mut Problems) -> Self {
        fields.reject_others(&["host", "vpp", "pod"], problems);
        let [host, vpp, pod] = ["host", "vpp", "pod"].map(|key| absolute(fields, key, problems));
        if fields.any("host").is_none_or(|it| it == "") {
            let name = fields.name("host");
            problems.invalid(format!("{name} is missing"));
        }
        let host = host.unwrap_or_else(|| PathBuf::from("/"));
        Self {
            vpp: vpp.unwrap_or_else(|| host.clone()),
            pod: pod.unwrap_or_else(|| host.clone()),
            host,
        }
    }
}

impl Default for Paths {
    /// Returns paths that are the same on the node, for VPP and in the pod.
    fn default() -> Self {
        let root = PathBuf::from("/");
        Self {
            host: root.clone(),
            vpp: root.clone(),
            pod: root,
        }
    }
}

fn map(path: &Path, from: &Path, to: &Path) -> PathBuf {
    match path.strip_prefix(from) {
        // Joining an empty path would add a slash.
        Ok(rest) if rest.as_os_str().is_empty() => to.to_owned(),
        Ok(rest) => to.join(rest),
        Err(_) => path.to_owned(),
    }
}

/// Reads an absolute path without `..`.
pub(super) fn absolute(fields: &Fields<'_>, key: &str, problems: &mut Problems) -> Option<PathBuf> {
    let parse = |text: &str| {
        let path = PathBuf::from(text);
        if text.contains('\0') {
            Err("contains NUL")
        } else if !path.is_absolute() {
            Err("is not an absolute path")
        } else if path.components().any(|it| it == Component::ParentDir) {
            Err("contains '..'")
        } else {
            Ok(path)
        }
    };
    fields.parsed(key, parse, problems)
}
