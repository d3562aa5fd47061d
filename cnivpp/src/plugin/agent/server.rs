use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::Shared;
use super::address::{Listener, Stream};
use crate::attachment::{Record, State};

/// The connections at a time. More wait in the kernel's queue.
const MAX_CONNECTIONS: usize = 16;

/// The time limit of one connection, so that slow clients do not use up all of them.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The longest request header in bytes.
const MAX_HEADER: usize = 16 << 10;

/// Serves the endpoints in a task. The file of a unix socket exists until the task is stopped.
pub(super) fn start(listener: Listener, shared: Arc<Shared>, tasks: &mut JoinSet<()>) {
    tasks.spawn(async move {
        let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        loop {
            // The semaphore is never closed.
            let Ok(permit) = Arc::clone(&permits).acquire_owned().await else {
                return;
            };
            match listener.accept().await {
                Ok(stream) => {
                    let shared = Arc::clone(&shared);
                    tokio::spawn(async move {
                        serve(stream, shared).await;
                        drop(permit);
                    });
                }
                Err(error) => {
                    tracing::warn!("cannot accept a connection: {error}");
                    // The process has too many open files, for example.
                    sleep(Duration::from_secs(1)).await;
                }
            }
        }
    });
}

async fn serve(stream: Stream, shared: Arc<Shared>) {
    let service = service_fn(|request| {
        let shared = Arc::clone(&shared);
        async move { Ok::<_, Infallible>(answer(&request, shared).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(TIMEOUT)
        .max_buf_size(MAX_HEADER)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    // A client that closes the connection, or is too slow, is not the agent's problem.
    let _ = timeout(TIMEOUT, connection).await;
}

async fn answer(request: &Request<Incoming>, shared: Arc<Shared>) -> Response<Full<Bytes>> {
    const TEXT: &str = "text/plain; charset=utf-8";
    const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let unavailable = StatusCode::SERVICE_UNAVAILABLE;
    let (status, kind, text) = match (request.method(), request.uri().path()) {
        (&Method::GET, "/healthz") => (StatusCode::OK, TEXT, "ok\n".to_owned()),
        (&Method::GET, "/readyz") => {
            let why = shared.status.content().not_ready();
            match why.as_slice() {
                [] => (StatusCode::OK, TEXT, "ok\n".to_owned()),
                why => (unavailable, TEXT, why.join("\n") + "\n"),
            }
        }
        (&Method::GET, path @ ("/metrics" | "/attachments")) => {
            let is_metrics = path == "/metrics";
            let report = tokio::task::spawn_blocking(move || match is_metrics {
                true => metrics(&shared),
                false => attachments(&shared),
            });
            let kind = if is_metrics {
                OPEN_METRICS
            } else {
                "application/json"
            };
            match report.await {
                Ok(Ok(text)) => (StatusCode::OK, kind, text),
                Ok(Err(why)) => (unavailable, TEXT, why + "\n"),
                Err(error) => (unavailable, TEXT, format!("{error}\n")),
            }
        }
        (&Method::GET, _) => {
            let text = "not found; try /metrics, /healthz, /readyz or /attachments\n";
            (StatusCode::NOT_FOUND, TEXT, text.to_owned())
        }
        _ => (StatusCode::METHOD_NOT_ALLOWED, TEXT, "use GET\n".to_owned()),
    };
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    let kind = http::HeaderValue::from_static(kind);
    response
        .headers_mut()
        .insert(http::header::CONTENT_TYPE, kind);
    response
}

fn records(shared: &Shared) -> Result<Vec<Record>, String> {
    let records = shared.node.valid().map_err(|error| error.to_string())?;
    shared.status.content().retain(&records);
    Ok(records)
}

fn metrics(shared: &Shared) -> Result<String, String> {
    let states: Vec<State> = records(shared)?.into_iter().map(|it| it.state).collect();
    let content = shared.status.content();
    let text = content.metrics.to_text(&states);
    text.map_err(|error| error.to_string())
}

fn attachments(shared: &Shared) -> Result<String, String> {
    let records = records(shared)?;
    let content = shared.status.content();
    let rows: Vec<_> = records
        .into_iter()
        .map(|it| {
            let last = content
                .outcomes
                .get(&(it.id.container_id.clone(), it.id.if_name.clone()));
            json!({
                "containerId": it.id.container_id,
                "ifName": it.id.if_name,
                "network": it.network,
                "pod": it.pod,
                "vppSocket": it.vpp_socket,
                "state": it.state,
                "swIfIndex": it.sw_if_index,
                "lastRestore": last,
            })
        })
        .collect();
    let mut text = serde_json::to_string_pretty(&rows).map_err(|error| error.to_string())?;
    text.push('\n');
    Ok(text)
}
