use std::path::{Path, PathBuf};

use http::HeaderValue;
use kube::Config;
use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

use super::{Error, Result};
use crate::engine::chain;

/// The source of the credentials for the API server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Access {
    /// A kubeconfig: the cluster and user of its current context.
    Kubeconfig(PathBuf),
    /// The service account of the pod that this process runs in, as in a thick Multus.
    InCluster,
}

impl Access {
    /// The environment variables that Kubernetes sets in every container.
    pub const SERVICE: [&str; 2] = ["KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"];

    /// Reads the credentials, and creates a client. It connects with the first request.
    ///
    /// # Errors
    /// A file is missing or invalid.
    pub(super) async fn client(&self) -> Result<kube::Client> {
        let config = match self {
            Self::Kubeconfig(path) => of_kubeconfig(path).await?,
            Self::InCluster => {
                let config = Config::incluster();
                config.map_err(|error| Error::ServiceAccount(chain(&error)))?
            }
        };
        let failed = |why: String| match self {
            Self::Kubeconfig(path) => Error::Kubeconfig {
                path: path.clone(),
                why,
            },
            Self::InCluster => Error::ServiceAccount(why),
        };
        kube::Client::try_from(config).map_err(|error| failed(chain(&error)))
    }
}

async fn of_kubeconfig(path: &Path) -> Result<Config> {
    let failed = |why: String| Error::Kubeconfig {
        path: path.to_owned(),
        why,
    };
    let kubeconfig = Kubeconfig::read_from(path).map_err(|error| failed(reason(&error)))?;
    let mut clusters = kubeconfig
        .clusters
        .iter()
        .filter_map(|it| it.cluster.as_ref());
    if clusters.any(|it| it.proxy_url.is_some()) {
        return Err(failed("proxy-url is not supported".to_owned()));
    }
    let options = KubeConfigOptions::default();
    let config = Config::from_custom_kubeconfig(kubeconfig, &options).await;
    let mut config = config.map_err(|error| failed(reason(&error)))?;
    // The runtime's HTTPS_PROXY is for pulling images.
    config.proxy_url = None;
    if let Some(token) = &config.auth_info.token {
        let token = token.expose_secret().trim();
        if HeaderValue::from_str(token).is_err() {
            return Err(failed(
                "the token has characters that HTTP does not allow".to_owned(),
            ));
        }
        config.auth_info.token = Some(token.to_owned().into());
    }
    Ok(config)
}

/// Returns the reason of an error. A parser's error quotes the file, which may contain the token.
fn reason(error: &KubeconfigError) -> String {
    match error {
        KubeconfigError::Parse(_) => "it is not the YAML of a kubeconfig".to_owned(),
        error => chain(error),
    }
}
