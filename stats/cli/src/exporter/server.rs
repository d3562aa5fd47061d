//! The HTTP server of the exporter.

use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::{Exporter, Style};

/// The connections at a time. Others wait in the kernel's queue.
const MAX_CONNECTIONS: usize = 8;
/// The longest time of one connection, so that slow clients do not use up all of them.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(30);
const MAX_REQUEST_HEADER: usize = 16 << 10;

/// Serves scrapes. It only returns on an error of the listener's setup.
pub(crate) async fn serve(listener: std::net::TcpListener, exporter: Exporter) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let exporter = Arc::new(Mutex::new(exporter));
    let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    // The semaphore is never closed.
    while let Ok(permit) = Arc::clone(&permits).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) => {
                let exporter = Arc::clone(&exporter);
                tokio::spawn(async move {
                    serve_connection(stream, exporter).await;
                    drop(permit);
                });
            }
            Err(error) => {
                // Too many open files, for example.
                eprintln!("vpp-stats: cannot accept a connection: {error}");
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
    Ok(())
}

async fn serve_connection(stream: TcpStream, exporter: Arc<Mutex<Exporter>>) {
    let service = service_fn(|request| {
        let exporter = Arc::clone(&exporter);
        async move { Ok::<_, Infallible>(respond(&request, exporter).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(CONNECTION_TIMEOUT)
        .max_buf_size(MAX_REQUEST_HEADER)
        .serve_connection(TokioIo::new(stream), service);
    // A client that disconnects or is too slow is not an error of the exporter.
    let _ = timeout(CONNECTION_TIMEOUT, connection).await;
}

async fn respond(
    request: &Request<Incoming>,
    exporter: Arc<Mutex<Exporter>>,
) -> Response<Full<Bytes>> {
    const TEXT: &str = "text/plain; charset=utf-8";
    let respond = |status, media_type, text: String| {
        let mut response = Response::new(Full::from(text));
        *response.status_mut() = status;
        let media_type = HeaderValue::from_static(media_type);
        response.headers_mut().insert(CONTENT_TYPE, media_type);
        response
    };
    match (request.method(), request.uri().path()) {
        (&Method::GET, "/metrics") => {
            let style = style(request);
            // A segment that VPP keeps in an update blocks for up to the time limit.
            let scrape = tokio::task::spawn_blocking(move || {
                let exporter = exporter.lock();
                exporter
                    .unwrap_or_else(PoisonError::into_inner)
                    .scrape(style)
            });
            match scrape.await {
                Ok(text) => respond(StatusCode::OK, style.media_type(), text),
                Err(error) => respond(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    TEXT,
                    format!("{error}\n"),
                ),
            }
        }
        (&Method::GET, _) => respond(
            StatusCode::NOT_FOUND,
            TEXT,
            "not found; try /metrics\n".to_owned(),
        ),
        _ => respond(StatusCode::METHOD_NOT_ALLOWED, TEXT, "use GET\n".to_owned()),
    }
}

/// `OpenMetrics` for clients that accept it, as Prometheus does.
fn style(request: &Request<Incoming>) -> Style {
    let accepts = request.headers().get_all(ACCEPT).iter();
    let is_open_metrics = accepts
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains("application/openmetrics-text"));
    match is_open_metrics {
        true => Style::OpenMetrics,
        false => Style::Prometheus,
    }
}
