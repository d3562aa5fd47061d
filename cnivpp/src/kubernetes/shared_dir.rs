use std::path::{Component, Path, PathBuf};

use super::volumes::{Mount, Volumes};

/// The name of the volume.
const NAME: &str = "shared-dir";

/// A pod's volume `shared-dir`, which holds the socket files and the configuration of the pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedDir {
    /// The folder on the node. kubelet creates an emptyDir before it starts the sandbox.
    pub host: PathBuf,
    /// The path in the pod: `mountPath` of the container that mounts the volume.
    pub mount_path: PathBuf,
}

/// Finds the volume. The error is the reason why it cannot be used.
pub(super) fn find(
    pod: &Volumes,
    uid: &str,
    kubelet_root: &Path,
) -> Result<Option<SharedDir>, String> {
    let Some(volume) = pod.volumes.iter().find(|it| it.name == NAME) else {
        return Ok(None);
    };
    let host = if let Some(host_path) = volume.kind.get("hostPath") {
        let path = host_path["path"].as_str().unwrap_or_default();
        absolute("its hostPath.path", path)?
    } else if volume.kind.contains_key("emptyDir") {
        empty_dir(uid, kubelet_root)?
    } else {
        let kinds: Vec<&str> = volume.kind.keys().map(String::as_str).collect();
        let kinds = kinds.join(", ");
        return Err(format!(
            "the volume {NAME} is of kind {kinds}; use emptyDir or hostPath"
        ));
    };
    let mount = mount(pod)?;
    if !mount.sub_path.is_empty() || !mount.sub_path_expr.is_empty() {
        return Err(format!(
            "the volume {NAME} is mounted with subPath; mount it without"
        ));
    }
    let mount_path = absolute("its mountPath", &mount.mount_path)?;
    Ok(Some(SharedDir { host, mount_path }))
}

/// Returns the mount of the last container that mounts the volume, as the Go plugin does.
fn mount(pod: &Volumes) -> Result<&Mount, String> {
    let containers = pod.init_containers.iter().chain(&pod.containers);
    let mounts = containers.flat_map(|it| &it.volume_mounts);
    let mut found = mounts.rev().filter(|it| it.name == NAME);
    let found = found.next();
    found.ok_or_else(|| format!("no container mounts the volume {NAME}"))
}

/// Returns kubelet's path of an emptyDir (`GetPodVolumeDir` in kubelet's `kubelet_getters.go`).
fn empty_dir(uid: &str, kubelet_root: &Path) -> Result<PathBuf, String> {
    let is_name = |it: char| it.is_ascii_alphanumeric() || it == '-';
    if uid.is_empty() || !uid.chars().all(is_name) {
        return Err(format!("its UID {uid:?} is not valid"));
    }
    let volumes = kubelet_root.join("pods").join(uid).join("volumes");
    Ok(volumes.join("kubernetes.io~empty-dir").join(NAME))
}

fn absolute(what: &str, path: &str) -> Result<PathBuf, String> {
    let is_valid = Path::new(path).is_absolute()
        && !path.contains('\0')
        && !Path::new(path)
            .components()
            .any(|it| it == Component::ParentDir);
    if is_valid {
        // Without a trailing slash.
        return Ok(Path::new(path).components().collect());
    }
    Err(format!(
        "{what} {path:?} of the volume {NAME} is not an absolute path without '..'"
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn found(spec: &Value) -> Result<Option<SharedDir>, String> {
        let volumes = serde_json::from_value(spec.clone()).unwrap();
        find(&volumes, "0f2c-1", Path::new("/var/lib/kubelet"))
    }

    fn spec(volume: &Value, mounts: &Value) -> Value {
        let mut volume = volume.clone();
        volume["name"] = json!(NAME);
        let other = json!({"name": "other", "configMap": {}});
        json!({
            "volumes": [other, volume],
            "containers": [{"name": "a"}, {"name": "b", "volumeMounts": mounts}],
        })
    }

    fn mounted(path: &str) -> Value {
        json!([{"name": "other", "mountPath": "/o"}, {"name": NAME, "mountPath": path}])
    }

    #[test]
    fn both_kinds_of_volume_are_found() {
        let host = spec(
            &json!({"hostPath": {"path": "/run/pods/a/"}}),
            &mounted("/shared/"),
        );
        let empty = spec(
            &json!({"emptyDir": {"medium": "Memory"}}),
            &mounted("/shared"),
        );
        for (spec, folder) in [
            (host, "/run/pods/a"),
            (
                empty,
                "/var/lib/kubelet/pods/0f2c-1/volumes/kubernetes.io~empty-dir/shared-dir",
            ),
        ] {
            let found = found(&spec).unwrap().unwrap();
            assert_eq!(found.host.to_str(), Some(folder));
            assert_eq!(found.mount_path.to_str(), Some("/shared"));
        }
    }

    #[test]
    fn the_last_container_that_mounts_it_decides() {
        let mut spec = spec(&json!({"emptyDir": {}}), &mounted("/first"));
        spec["initContainers"] = json!([{"volumeMounts": mounted("/init")}]);
        assert_eq!(
            found(&spec).unwrap().unwrap().mount_path.to_str(),
            Some("/first")
        );
        let last = json!({"volumeMounts": mounted("/last")});
        spec["containers"].as_array_mut().unwrap().push(last);
        assert_eq!(
            found(&spec).unwrap().unwrap().mount_path.to_str(),
            Some("/last")
        );
        spec["containers"] = json!([]);
        assert_eq!(
            found(&spec).unwrap().unwrap().mount_path.to_str(),
            Some("/init")
        );
    }

    #[test]
    fn a_pod_without_the_volume_has_none() {
        for spec in [json!({}), json!({"volumes": null, "containers": null})] {
            assert_eq!(found(&spec), Ok(None));
        }
    }

    #[test]
    fn unusable_volumes_are_rejected_with_the_reason() {
        let empty = json!({"emptyDir": {}});
        let host = |path: &str| json!({"hostPath": {"path": path}});
        let sub = json!([{"name": NAME, "mountPath": "/s", "subPathExpr": "$(POD)"}]);
        for (spec, reason) in [
            (
                spec(&json!({"persistentVolumeClaim": {}}), &mounted("/s")),
                "persistentVolumeClaim",
            ),
            (spec(&empty, &json!([])), "no container mounts"),
            (spec(&empty, &sub), "subPath"),
            (spec(&empty, &mounted("s")), "\"s\""),
            (spec(&host("/a/../b"), &mounted("/s")), "/a/../b"),
            (spec(&host(""), &mounted("/s")), "hostPath.path"),
        ] {
            let why = found(&spec).unwrap_err();
            assert!(why.contains(reason), "{why}");
        }
        let volumes = serde_json::from_value(spec(&empty, &mounted("/s"))).unwrap();
        for uid in ["", "../x", "a/b"] {
            assert!(find(&volumes, uid, Path::new("/k")).is_err(), "{uid}");
        }
    }
}
