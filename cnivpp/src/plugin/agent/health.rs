use std::time::Duration;

use http::Request;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use super::Address;
use crate::cni::{Error, Result};

/// The longest answer that is read, in bytes.
const MAX_BODY: usize = 64 << 10;

/// Asks an agent whether it is alive, or with `ready` whether all attachments are restored. Returns
/// its text.
///
/// # Errors
/// The agent does not answer before the timeout, or answers that it is not ready.
pub(in crate::plugin) async fn check(
    address: &Address,
    ready: bool,
    limit: Duration,
) -> Result<String> {
    let path = if ready { "/readyz" } else { "/healthz" };
    let exchange = exchange(address, path);
    let failed = |why: String| Error::io(format!("the agent at {address}: {why}"));
    match timeout(limit, exchange).await {
        Ok(Ok((200, text))) => Ok(text),
        Ok(Ok((_, text))) => Err(failed(text.trim_end().to_owned())),
        Ok(Err(error)) => Err(failed(error.to_string())),
        Err(_) => Err(failed("no answer in time".to_owned())),
    }
}

async fn exchange(
    address: &Address,
    path: &str,
) -> std::result::Result<(u16, String), Box<dyn std::error::Error + Send + Sync>> {
    let stream = TokioIo::new(address.connect().await?);
    let (mut sender, connection) = http1::handshake(stream).await?;
    let request = Request::get(path).header(http::header::HOST, "agent");
    let request = request.body(Empty::<Bytes>::new())?;
    let exchange = async {
        let response = sender.send_request(request).await?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), MAX_BODY)
            .collect()
            .await?;
        let text = String::from_utf8_lossy(&body.to_bytes()).into_owned();
        Ok((status, text))
    };
    tokio::pin!(exchange, connection);
    tokio::select! {
        done = &mut exchange => done,
        // The agent closes the connection after the response.
        _ = &mut connection => exchange.await,
    }
}
