use std::path::{Path, PathBuf};

use kube::Config;
use kube::config::{KubeConfigOptions, Kubeconfig};
use serde::{Deserialize, Serialize};

use super::{Error, Result};

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
                Config::incluster().map_err(|error| Error::ServiceAccount(chain(&error)))?
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
    let kubeconfig = Kubeconfig::read_from(path).map_err(|error| failed(chain(&error)))?;
    let options = KubeConfigOptions::default();
    let config = Config::from_custom_kubeconfig(kubeconfig, &options).await;
    config.map_err(|error| failed(chain(&error)))
}

/// Joins an error's text with those of its sources that it does not contain.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let next = error.to_string();
        if !text.contains(&next) {
            text.push_str(": ");
            text.push_str(&next);
        }
        source = error.source();
    }
    text
}
