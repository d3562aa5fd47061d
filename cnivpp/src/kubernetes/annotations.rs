use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::handover::{CONFIGURATION, ConfigData, MAPPED_DIR};

/// Annotations to set, or to remove if the value is `None`.
pub type Changes = BTreeMap<&'static str, Option<String>>;

/// The limit of Kubernetes for the keys and values of all annotations of an object, in bytes
/// (`TotalAnnotationSizeLimitB`).
const SIZE_LIMIT: usize = 256 << 10;

/// The fields of an entry that identify it. Entries of other programs may lack them.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Key {
    container_id: String,
    if_name: String,
    /// Present in entries of this plugin.
    vpp: Option<serde::de::IgnoredAny>,
}

/// Adds an entry to the annotations of a pod, or replaces that of the same interface.
///
/// Removes entries of this plugin for other sandboxes: a pod has one sandbox at a time, and the DEL of
/// an earlier one may not have reached the API server.
///
/// `folder` is the folder of the socket file in the pod. It becomes `userspace/mapped-dir`, ending
/// in `/`, because readers append the name of the file.
///
/// # Errors
/// The reason: the annotation is not a list, another interface of the pod has another folder, or the
/// annotations would exceed Kubernetes' limit.
pub fn add_entry(
    annotations: &BTreeMap<String, String>,
    entry: &ConfigData,
    folder: &str,
) -> Result<Changes, String> {
    let old = annotations.get(CONFIGURATION).map(String::as_str);
    let entries = parse(old)?;
    let stays = |it: &&&RawValue| {
        let key = key(it);
        let is_stale = key.vpp.is_some() && key.container_id != entry.container_id;
        key.if_name != entry.if_name && !is_stale
    };
    let others: Vec<&RawValue> = entries.iter().filter(stays).copied().collect();
    let folder = format!("{}/", folder.trim_end_matches('/'));
    if let Some(present) = annotations.get(MAPPED_DIR)
        && present.trim_end_matches('/') != folder.trim_end_matches('/')
        && others
            .iter()
            .any(|it| key(it).container_id == entry.container_id)
    {
        return Err(format!(
            "the annotation {MAPPED_DIR} is {present:?} for another interface, and {} is in \
             {folder:?}; all interfaces of a pod need one folder",
            entry.if_name
        ));
    }
    let own = pretty(entry).map_err(|error| format!("cannot write its entry: {error}"))?;
    let others = others.iter().map(|it| it.get().to_owned());
    let changes = Changes::from([
        (CONFIGURATION, Some(list(others.chain([own])))),
        (MAPPED_DIR, Some(folder)),
    ]);
    check_size(annotations, &changes)?;
    Ok(changes)
}

/// Removes the entry of an interface of a container, and both annotations with the last entry.
/// Returns `None` if the entry does not exist.
///
/// # Errors
/// The annotation is not a list. It stays as it is.
pub fn remove_entry(
    annotations: &BTreeMap<String, String>,
    container_id: &str,
    if_name: &str,
) -> Result<Option<Changes>, String> {
    let old = annotations.get(CONFIGURATION).map(String::as_str);
    let entries = parse(old)?;
    let is_other = |it: &&&RawValue| {
        let key = key(it);
        key.container_id != container_id || key.if_name != if_name
    };
    let others: Vec<String> = entries
        .iter()
        .filter(is_other)
        .map(|it| it.get().to_owned())
        .collect();
    if others.len() == entries.len() {
        return Ok(None);
    }
    Ok(Some(if others.is_empty() {
        Changes::from([(CONFIGURATION, None), (MAPPED_DIR, None)])
    } else {
        Changes::from([(CONFIGURATION, Some(list(others.into_iter())))])
    }))
}

/// Parses the annotation. The entries stay text, because other programs may have written them.
fn parse(text: Option<&str>) -> Result<Vec<&RawValue>, String> {
    let text = text.map(str::trim).filter(|it| !it.is_empty());
    text.map_or(Ok(Vec::new()), |text| {
        serde_json::from_str(text)
            .map_err(|error| format!("the annotation {CONFIGURATION} is not a list: {error}"))
    })
}

fn key(entry: &RawValue) -> Key {
    serde_json::from_str(entry.get()).unwrap_or_default()
}

/// Writes an entry with the Go plugin's indentation inside a list.
fn pretty(entry: &ConfigData) -> serde_json::Result<String> {
    const INDENT: &[u8] = b"    ";
    let mut text = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(INDENT);
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, formatter);
    [entry].serialize(&mut serializer)?;
    let text = String::from_utf8_lossy(&text);
    let inside = text.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    Ok(inside.unwrap_or_default().trim().to_owned())
}

fn list(entries: impl Iterator<Item = String>) -> String {
    let entries: Vec<String> = entries.collect();
    format!("[\n    {}\n]", entries.join(",\n    "))
}

/// Checks the size of all annotations after the changes.
fn check_size(annotations: &BTreeMap<String, String>, changes: &Changes) -> Result<(), String> {
    let kept = annotations
        .iter()
        .filter(|(key, _)| !changes.contains_key(key.as_str()));
    let kept: usize = kept.map(|(key, value)| key.len() + value.len()).sum();
    let new = changes
        .iter()
        .filter_map(|(key, value)| Some(key.len() + value.as_ref()?.len()));
    let size = kept + new.sum::<usize>();
    if size > SIZE_LIMIT {
        return Err(format!(
            "the annotations would have {size} bytes; Kubernetes allows {SIZE_LIMIT}"
        ));
    }
    Ok(())
}
