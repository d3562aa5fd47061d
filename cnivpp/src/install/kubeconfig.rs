use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tokio::time::sleep;

use crate::files::{Access, Dir, write_atomic};

/// Time between two looks whether kubelet has renewed the token. It does so at 80 % of an hour.
const INTERVAL: Duration = Duration::from_secs(10);

/// A kubeconfig with the credentials of a service account, for programs that run outside of its pod.
///
/// It contains the token itself: a kubeconfig can name a file with the token, but the node does not see
/// the file in the pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kubeconfig {
    /// The folder with `token` and `ca.crt`.
    pub account: PathBuf,
    /// Host or IP address of the API server.
    pub host: String,
    /// Its port.
    pub port: String,
}

impl Kubeconfig {
    /// The folder in which kubelet puts the credentials.
    pub const ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// Writes the kubeconfig with mode 0600 by rename, if it differs. Returns whether it did.
    ///
    /// # Errors
    /// The credentials cannot be read, or the file cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<bool> {
        let text = self.text()?;
        let is_private = fs::symlink_metadata(path)
            .is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o7777 == 0o600);
        if is_private && fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
            return Ok(false);
        }
        let invalid = || io::Error::new(io::ErrorKind::InvalidInput, "the path names no file");
        let folder = path.parent().ok_or_else(invalid)?;
        let name = path
            .file_name()
            .and_then(|it| it.to_str())
            .ok_or_else(invalid)?;
        let dir = Dir::create(folder, Access::mode(0o700)).map_err(io::Error::other)?;
        write_atomic(&dir, name, text.as_bytes(), Access::mode(0o600)).map_err(io::Error::other)?;
        Ok(true)
    }

    /// Returns the kubeconfig. It is JSON, which YAML includes.
    fn text(&self) -> io::Result<String> {
        let read = |name: &str| {
            let path = self.account.join(name);
            fs::read_to_string(&path).map_err(|error| {
                let text = format!("cannot read {}: {error}", path.display());
                io::Error::new(error.kind(), text)
            })
        };
        let (token, ca) = (read("token")?, read("ca.crt")?);
        let host = match self.host.contains(':') {
            true => format!("[{}]", self.host),
            false => self.host.clone(),
        };
        let kubeconfig = json!({
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "cluster", "cluster": {
                "server": format!("https://{host}:{}", self.port),
                "certificate-authority-data": STANDARD.encode(ca),
            }}],
            "users": [{"name": "userspace", "user": {"token": token.trim()}}],
            "contexts": [{"name": "userspace", "context": {
                "cluster": "cluster",
                "user": "userspace",
            }}],
            "current-context": "userspace",
        });
        Ok(format!("{kubeconfig:#}\n"))
    }
}

/// Writes the kubeconfig whenever kubelet has renewed the token. Never ends. Logs errors, without the
/// token.
pub async fn keep_kubeconfig(kubeconfig: Kubeconfig, path: PathBuf) {
    let mut is_reported = false;
    loop {
        match kubeconfig.write(&path) {
            Ok(false) => is_reported = false,
            Ok(true) => {
                is_reported = false;
                tracing::info!("wrote the kubeconfig {}", path.display());
            }
            Err(error) if !is_reported => {
                is_reported = true;
                tracing::error!("cannot renew the kubeconfig {}: {error}", path.display());
            }
            Err(_) => {}
        }
        sleep(INTERVAL).await;
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn account() -> (tempfile::TempDir, Kubeconfig) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::write(path.join("token"), "first\n").unwrap();
        fs::write(path.join("ca.crt"), "PEM").unwrap();
        let kubeconfig = Kubeconfig {
            account: path.to_owned(),
            host: "fd00::1".to_owned(),
            port: "6443".to_owned(),
        };
        (folder, kubeconfig)
    }

    #[test]
    fn a_renewed_token_is_written_once() {
        let (folder, kubeconfig) = account();
        let path = folder.path().join("etc/net.d/k");
        assert!(kubeconfig.write(&path).unwrap());
        assert!(!kubeconfig.write(&path).unwrap());
        fs::write(folder.path().join("token"), "second").unwrap();
        assert!(kubeconfig.write(&path).unwrap());
        let text = fs::read_to_string(&path).unwrap();
        let parsed = kube::config::Kubeconfig::from_yaml(&text).unwrap();
        let cluster = parsed.clusters[0].cluster.as_ref().unwrap();
        assert_eq!(cluster.server.as_deref(), Some("https://[fd00::1]:6443"));
        assert!(text.contains("\"token\": \"second\""), "{text}");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_link_is_replaced_and_not_followed() {
        let (folder, kubeconfig) = account();
        let (path, other) = (folder.path().join("k"), folder.path().join("other"));
        fs::write(&other, "kept").unwrap();
        symlink(&other, &path).unwrap();
        assert!(kubeconfig.write(&path).unwrap());
        assert_eq!(fs::read_to_string(other).unwrap(), "kept");
        assert!(path.symlink_metadata().unwrap().is_file());
    }

    #[test]
    fn wrong_permissions_are_corrected() {
        let (folder, kubeconfig) = account();
        let path = folder.path().join("k");
        kubeconfig.write(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(kubeconfig.write(&path).unwrap());
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn missing_credentials_keep_the_old_file() {
        let (folder, kubeconfig) = account();
        let path = folder.path().join("k");
        kubeconfig.write(&path).unwrap();
        let old = fs::read(&path).unwrap();
        fs::remove_file(folder.path().join("token")).unwrap();
        let error = kubeconfig.write(&path).unwrap_err();
        assert!(error.to_string().contains("token"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), old);
    }
}
