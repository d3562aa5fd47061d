//! The part of a pod object that describes its volumes.

use serde::Deserialize;
use serde_json::Map;

/// The volumes of a pod and their mounts.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Volumes {
    #[serde(deserialize_with = "null_as_default")]
    pub(super) volumes: Vec<Volume>,
    #[serde(deserialize_with = "null_as_default")]
    pub(super) containers: Vec<Container>,
    #[serde(deserialize_with = "null_as_default")]
    pub(super) init_containers: Vec<Container>,
}

/// A volume: a name, and one key with the settings of its kind.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Volume {
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) kind: Map<String, serde_json::Value>,
}

/// The mounts of a container.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Container {
    #[serde(deserialize_with = "null_as_default")]
    pub(super) volume_mounts: Vec<Mount>,
}

/// A mount of a volume.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Mount {
    pub(super) name: String,
    pub(super) mount_path: String,
    pub(super) sub_path: String,
    pub(super) sub_path_expr: String,
}

pub(super) fn null_as_default<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(from)?.unwrap_or_default())
}
