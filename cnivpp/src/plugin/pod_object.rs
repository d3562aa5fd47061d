//! The Kubernetes pod of an attachment: whether Kubernetes is asked for, and what ADD and DEL do with
//! the pod object.

use std::path::Path;
use std::time::{Duration, Instant};

use super::context::part_of_time;
use crate::attachment::{self, Record};
use crate::cni::{Attachment, Call, Error, Result};
use crate::handover::{self, ConfigData};
use crate::kubernetes::{self, Access, Pod, PodApi, PodName, SharedDir, add_entry, remove_entry};
use crate::netconf::NetConf;

/// The longest time that a removal waits for the API server.
const REMOVAL_TIME: Duration = Duration::from_secs(3);

/// The pod object of an ADD.
#[derive(Debug)]
pub(super) struct PodObject {
    api: PodApi,
    pod: Pod,
    pub(super) access: Access,
}

/// Returns the pod that the runtime named in `CNI_ARGS`.
pub(super) fn pod_of(attachment: &Attachment) -> Option<attachment::Pod> {
    let (namespace, name) = attachment.args.pod()?;
    Some(attachment::Pod {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        uid: attachment.args.pod_uid().map(str::to_owned),
    })
}

/// Returns the credentials: the configuration's kubeconfig, or those of the container in which this
/// process runs. `None` outside of Kubernetes.
fn access(call: &Call, conf: &NetConf) -> Option<Access> {
    if let Some(kubeconfig) = &conf.kubeconfig {
        return Some(Access::Kubeconfig(kubeconfig.clone()));
    }
    let is_set = |name: &&str| {
        let value = call.environment.get(name);
        value.is_some_and(|it| !it.is_empty())
    };
    Access::SERVICE
        .iter()
        .all(is_set)
        .then_some(Access::InCluster)
}

/// Reads the pod, if the runtime named one and credentials exist. Otherwise nothing of Kubernetes is
/// initialised.
pub(super) async fn open(
    call: &Call,
    attachment: &Attachment,
    conf: &NetConf,
    deadline: Instant,
) -> Result<Option<PodObject>> {
    let Some(pod) = pod_of(attachment) else {
        return Ok(None);
    };
    let Some(access) = access(call, conf) else {
        return Ok(None);
    };
    let name = PodName {
        namespace: pod.namespace,
        name: pod.name,
    };
    let api = PodApi::new(&access, name, deadline).await;
    let api = api.map_err(|error| to_cni(&error))?;
    let pod = api.get(pod.uid.as_deref()).await;
    let pod = pod.map_err(|error| to_cni(&error))?;
    Ok(Some(PodObject { api, pod, access }))
}

/// Returns the folder of the pod's volume `shared-dir` for the removal of an attachment without a
/// record. Logs errors: the pod may be gone.
pub(super) async fn shared_dir_for_del(
    call: &Call,
    attachment: &Attachment,
    conf: &NetConf,
    deadline: Instant,
) -> Option<SharedDir> {
    let found = match open(call, attachment, conf, removal_deadline(deadline)).await {
        Ok(pod) => pod.map(|it| it.shared_dir(conf)).transpose(),
        Err(error) => Err(error),
    };
    found
        .inspect_err(|error| tracing::warn!("the volume shared-dir is not known: {error}"))
        .ok()
        .flatten()
        .flatten()
}

/// Returns the deadline for the API server in a removal.
fn removal_deadline(deadline: Instant) -> Instant {
    part_of_time(deadline, 4).min(Instant::now() + REMOVAL_TIME)
}

impl PodObject {
    /// Returns the folder of the pod's volume `shared-dir`.
    pub(super) fn shared_dir(&self, conf: &NetConf) -> Result<Option<SharedDir>> {
        let found = self.pod.shared_dir(&conf.kubelet_root);
        found.map_err(|error| to_cni(&error))
    }

    /// Writes the pod's end of an attachment into the annotations, without the secret.
    pub(super) async fn annotate(&self, end: &handover::Attachment) -> Result<()> {
        let entry = ConfigData::new(end).without_secret();
        let folder = folder_in_pod(&end.socket);
        let change = |pod: &Pod| {
            let changes = add_entry(&pod.annotations, &entry, &folder);
            changes.map(Some).map_err(|why| invalid(pod, why))
        };
        let annotated = self.api.annotate(self.pod.clone(), change).await;
        annotated.map_err(|error| to_cni(&error))
    }
}

/// Removes the entry of an attachment from the pod's annotations. Logs errors: the pod may be gone,
/// and DEL must succeed without the API server.
pub(super) async fn remove_annotation(record: &Record, deadline: Instant) {
    let (Some(access), Some(pod)) = (&record.kubernetes, &record.pod) else {
        return;
    };
    let deadline = removal_deadline(deadline);
    if let Err(error) = try_remove(record, access, pod, deadline).await {
        let id = &record.id;
        match error {
            kubernetes::Error::Refused { code: 404, .. } | kubernetes::Error::Replaced { .. } => {
                tracing::info!("the pod of {id} no longer exists: {error}");
            }
            error => tracing::warn!("the annotation of {id} stays: {error}"),
        }
    }
}

async fn try_remove(
    record: &Record,
    access: &Access,
    pod: &attachment::Pod,
    deadline: Instant,
) -> kubernetes::Result<()> {
    let name = PodName {
        namespace: pod.namespace.clone(),
        name: pod.name.clone(),
    };
    let api = PodApi::new(access, name, deadline).await?;
    let found = api.get(pod.uid.as_deref()).await?;
    let id = &record.id;
    let change = |pod: &Pod| {
        let changes = remove_entry(&pod.annotations, &id.container_id, &id.if_name);
        changes.map_err(|why| invalid(pod, why))
    };
    api.annotate(found, change).await
}

fn invalid(pod: &Pod, why: String) -> kubernetes::Error {
    kubernetes::Error::Pod {
        pod: pod.name.to_string(),
        why,
    }
}

/// Returns the folder of a socket file in the pod. An abstract socket has none; readers of the
/// annotation then find the name in the entry.
fn folder_in_pod(socket: &str) -> String {
    let folder = Path::new(socket).parent().filter(|it| it.is_absolute());
    let folder = folder.unwrap_or(Path::new(handover::DEFAULT_MAPPED_DIR));
    folder.to_string_lossy().into_owned()
}

/// Converts an error, with what to do about it.
fn to_cni(error: &kubernetes::Error) -> Error {
    use kubernetes::Error as E;
    let text = error.to_string();
    match error {
        E::Kubeconfig { .. } => Error::config(text)
            .with_details("check the key kubeconfig; the DaemonSet of the plugin writes the file"),
        E::ServiceAccount(_) => Error::config(text)
            .with_details("mount the token of a service account, or set the key kubeconfig"),
        E::Pod { .. } => Error::config(text),
        E::Unreachable { .. } | E::Timeout(_) => Error::try_again(text)
            .with_details("check that the API server runs at the address in the kubeconfig"),
        E::Conflict { .. } | E::Replaced { .. } => Error::try_again(text),
        E::Refused { code, .. } => {
            let details = match code {
                401 => {
                    "the token is invalid or has expired: check that the plugin's agent runs, \
                     which renews it"
                }
                403 => "the role needs the verbs get and patch for pods",
                404 => "the pod does not exist any more",
                _ => "see the log of the API server",
            };
            match code {
                429 | 500..=599 => Error::try_again(text).with_details(details),
                _ => Error::config(text).with_details(details),
            }
        }
    }
}
