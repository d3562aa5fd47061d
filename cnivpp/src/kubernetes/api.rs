use std::fmt;
use std::time::{Duration, Instant};

use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use kube::client::Body;
use serde::Deserialize;
use serde_json::json;
use tokio::time::{sleep, timeout_at};

use super::{Access, Changes, Error, Pod, PodName, Result, splice};
use crate::engine::chain;

/// The longest answer that is read, in bytes. etcd stores objects of at most 1.5 MiB.
const MAX_BODY: usize = 4 << 20;

/// The attempts to change a pod that other clients change at the same time.
const ATTEMPTS: u32 = 30;

/// The longest pause before the second attempt. It grows with each attempt, up to [`LONGEST_PAUSE`].
const PAUSE: Duration = Duration::from_millis(20);

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// The object of one pod on the API server.
pub struct PodApi {
    client: kube::Client,
    name: PodName,
    deadline: Instant,
}

impl fmt::Debug for PodApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PodApi")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl PodApi {
    /// Creates a client for a pod. All requests end at `deadline`.
    ///
    /// # Errors
    /// The credentials are missing or invalid, or the name is not a valid pod name.
    pub async fn new(access: &Access, name: PodName, deadline: Instant) -> Result<Self> {
        let is_name = |it: &str| {
            let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
            !it.is_empty() && it.len() <= 253 && it.chars().all(is_part)
        };
        if !is_name(&name.namespace) || !is_name(&name.name) {
            return Err(Error::Pod {
                pod: name.to_string(),
                why: "it is not a valid name of a pod".to_owned(),
            });
        }
        let client = access.client().await?;
        Ok(Self {
            client,
            name,
            deadline,
        })
    }

    /// Reads the pod.
    ///
    /// # Errors
    /// The API server cannot be reached, or refuses. If `uid` is set: the runtime
    /// knows the pod by another UID.
    pub async fn get(&self, uid: Option<&str>) -> Result<Pod> {
        let operation = format!("read the pod {}", self.name);
        let text = self
            .request(&operation, Method::GET, "", Vec::new())
            .await?;
        let pod = Pod::parse(&self.name, text)?;
        match uid {
            Some(uid) => pod.with_node_uid(uid),
            None => Ok(pod),
        }
    }

    /// Changes the annotations of `pod`. If other clients changed the pod meanwhile, reads it again
    /// and repeats `change`, which returns `None` if nothing is to be changed.
    ///
    /// Sends a merge PATCH (RFC 7396). If the role does not allow it, as Multus's own does not, sends a
    /// PUT of the whole object with only the annotations changed.
    ///
    /// # Errors
    /// `change` fails, the API server cannot be reached or refuses, or all attempts met a conflict.
    pub async fn annotate<F>(&self, mut pod: Pod, change: F) -> Result<()>
    where
        F: Fn(&Pod) -> Result<Option<Changes>>,
    {
        let operation = format!("annotate the pod {}", self.name);
        let mut may_patch = true;
        let mut attempts = 0;
        while let Some(changes) = change(&pod)? {
            attempts += 1;
            let mut sent = Err(StatusCode::FORBIDDEN);
            if may_patch {
                sent = self.patch(&operation, &pod, &changes).await?;
                may_patch = sent != Err(StatusCode::FORBIDDEN);
            }
            if !may_patch {
                sent = self.put(&operation, &pod, &changes).await?;
            }
            if sent.is_ok() {
                return Ok(());
            }
            if attempts >= ATTEMPTS {
                return Err(Error::Conflict {
                    operation,
                    attempts,
                });
            }
            self.pause(&operation, attempts).await?;
            pod = self.get(Some(&pod.node_uid)).await?;
        }
        Ok(())
    }

    /// Sends a merge PATCH. Returns the status if another client changed the pod, or if the role does
    /// not allow it.
    async fn patch(
        &self,
        operation: &str,
        pod: &Pod,
        changes: &Changes,
    ) -> Result<Result<(), StatusCode>> {
        let body = json!({"metadata": {
            "uid": pod.uid,
            "resourceVersion": pod.resource_version,
            "annotations": changes,
        }});
        let content_type = "application/merge-patch+json";
        let body = body.to_string().into_bytes();
        let sent = self.request(operation, Method::PATCH, content_type, body);
        expect(sent.await, &[StatusCode::CONFLICT, StatusCode::FORBIDDEN])
    }

    /// Sends the object with changed annotations. Returns the status if another client changed the pod.
    async fn put(
        &self,
        operation: &str,
        pod: &Pod,
        changes: &Changes,
    ) -> Result<Result<(), StatusCode>> {
        let body = splice::replace_annotations(&pod.text, changes).map_err(|error| Error::Pod {
            pod: self.name.to_string(),
            why: format!("the API server's answer is not a pod: {error}"),
        })?;
        let sent = self.request(
            operation,
            Method::PUT,
            "application/json",
            body.into_bytes(),
        );
        expect(sent.await, &[StatusCode::CONFLICT])
    }

    /// Waits a random time, so that clients in conflict do not meet again.
    async fn pause(&self, operation: &str, attempts: u32) -> Result<()> {
        let longest = (PAUSE * attempts).min(LONGEST_PAUSE);
        let random = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), attempts);
        let part = u32::try_from(random % 1000).unwrap_or(0);
        let slept = timeout_at(self.deadline.into(), sleep(longest * part / 1000)).await;
        slept.map_err(|_| Error::Timeout(operation.to_owned()))
    }

    async fn request(
        &self,
        operation: &str,
        method: Method,
        content_type: &str,
        body: Vec<u8>,
    ) -> Result<String> {
        let exchange = self.exchange(operation, method, content_type, body);
        match timeout_at(self.deadline.into(), exchange).await {
            Ok(done) => done,
            Err(_) => Err(Error::Timeout(operation.to_owned())),
        }
    }

    async fn exchange(
        &self,
        operation: &str,
        method: Method,
        content_type: &str,
        body: Vec<u8>,
    ) -> Result<String> {
        let unreachable = |why: String| Error::Unreachable {
            operation: operation.to_owned(),
            why,
        };
        let PodName { namespace, name } = &self.name;
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1/namespaces/{namespace}/pods/{name}"))
            .header(http::header::ACCEPT, "application/json");
        if !content_type.is_empty() {
            request = request.header(http::header::CONTENT_TYPE, content_type);
        }
        let request = request.body(Body::from(body));
        let request = request.map_err(|error| unreachable(error.to_string()))?;
        let response = self.client.send(request).await;
        let response = response.map_err(|error| unreachable(reason(&error)))?;
        let status = response.status();
        let text = read(response).await.map_err(unreachable)?;
        if status.is_success() {
            return Ok(text);
        }
        Err(Error::Refused {
            operation: operation.to_owned(),
            code: status.as_u16(),
            message: message(status, &text),
        })
    }
}

/// Returns the reason without kube's own words before it.
fn reason(error: &kube::Error) -> String {
    match error {
        kube::Error::Service(error) => chain(&**error),
        kube::Error::HyperError(error) => chain(error),
        error => chain(error),
    }
}

async fn read(response: Response<Body>) -> Result<String, String> {
    let body = Limited::new(response.into_body(), MAX_BODY).collect().await;
    let body = body.map_err(|error| format!("cannot read the answer: {}", chain(&*error)))?;
    let text = String::from_utf8(body.to_bytes().to_vec());
    text.map_err(|_| "the answer is not UTF-8".to_owned())
}

/// Returns the message of an error, which is a `Status` object.
fn message(status: StatusCode, text: &str) -> String {
    const LONGEST: usize = 500;
    #[derive(Deserialize)]
    struct Status {
        message: String,
    }
    match serde_json::from_str::<Status>(text) {
        Ok(it) if !it.message.is_empty() => it.message.chars().take(LONGEST).collect(),
        _ => status.canonical_reason().unwrap_or("no reason").to_owned(),
    }
}

/// Returns the status instead of the error if it is one of `statuses`.
fn expect(sent: Result<String>, statuses: &[StatusCode]) -> Result<Result<(), StatusCode>> {
    match sent {
        Ok(_) => Ok(Ok(())),
        Err(error) => {
            let status = error.status();
            let found = statuses.iter().find(|it| Some(it.as_u16()) == status);
            found.map_or(Err(error), |it| Ok(Err(*it)))
        }
    }
}
