use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::Deserialize;

use super::shared_dir::{self, SharedDir};
use super::volumes::{Volumes, null_as_default};
use super::{Error, Result};

/// The annotation of a mirror pod: the UID that kubelet gave the static pod
/// (`ConfigMirrorAnnotationKey` in kubelet's `mirror_client.go`).
const MIRROR: &str = "kubernetes.io/config.mirror";

/// The name of a pod.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PodName {
    /// Its namespace.
    pub namespace: String,
    /// Its name in the namespace.
    pub name: String,
}

impl fmt::Display for PodName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

/// A pod object as the API server returned it.
#[derive(Debug, Clone)]
pub struct Pod {
    /// Namespace and name.
    pub name: PodName,
    /// The UID, which a pod of the same name does not share.
    pub uid: String,
    /// The UID that kubelet and the runtime use. It differs for a static pod, whose object on the API
    /// server is only its mirror.
    pub(super) node_uid: String,
    /// The annotations.
    pub annotations: BTreeMap<String, String>,
    /// The version of the object, for updates.
    pub(super) resource_version: String,
    /// The object's text.
    pub(super) text: String,
    volumes: Volumes,
}

#[derive(Deserialize)]
struct Object {
    metadata: Metadata,
    #[serde(default)]
    spec: Volumes,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    uid: String,
    resource_version: String,
    #[serde(default, deserialize_with = "null_as_default")]
    annotations: BTreeMap<String, String>,
}

impl Pod {
    /// Parses a pod object.
    pub(super) fn parse(name: &PodName, text: String) -> Result<Self> {
        let object: Object = serde_json::from_str(&text).map_err(|error| Error::Pod {
            pod: name.to_string(),
            why: format!("the API server's answer is not a pod: {error}"),
        })?;
        Ok(Self {
            name: name.clone(),
            node_uid: object.metadata.uid.clone(),
            uid: object.metadata.uid,
            annotations: object.metadata.annotations,
            resource_version: object.metadata.resource_version,
            volumes: object.spec,
            text,
        })
    }

    /// Returns the pod, if the runtime calls it by `uid`.
    ///
    /// Users may set the annotation of any pod. So it is compared with the runtime's UID, but is not
    /// a source of UIDs.
    pub(super) fn with_node_uid(mut self, uid: &str) -> Result<Self> {
        let mirrored = self.annotations.get(MIRROR).map(String::as_str);
        if uid != self.uid && Some(uid) != mirrored {
            return Err(Error::Replaced {
                pod: self.name.to_string(),
                expected: uid.to_owned(),
                found: self.uid,
            });
        }
        uid.clone_into(&mut self.node_uid);
        Ok(self)
    }

    /// Returns the folder of the volume `shared-dir`, if the pod has one.
    ///
    /// # Errors
    /// The volume is neither a hostPath nor an emptyDir, is not mounted, is mounted with `subPath`, or
    /// a path is not absolute.
    pub fn shared_dir(&self, kubelet_root: &Path) -> Result<Option<SharedDir>> {
        let found = shared_dir::find(&self.volumes, &self.node_uid, kubelet_root);
        found.map_err(|why| Error::Pod {
            pod: self.name.to_string(),
            why,
        })
    }
}
