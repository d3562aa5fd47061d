//! An HTTPS server that plays the API server: GET, merge PATCH and PUT of pods.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// The valid token.
pub const TOKEN: &str = "token-that-must-not-be-logged";

/// What the server does instead of answering.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// Answers with this status.
    Status(u16),
    /// Never answers.
    Silence,
    /// Does what was requested, and never answers.
    ApplyAndSilence,
    /// Closes the connection.
    Close,
    /// Answers with this many spaces.
    Spaces(usize),
}

#[derive(Default)]
pub struct State {
    /// Pods as text, by path.
    pods: BTreeMap<String, String>,
    version: u64,
    /// Faults for the next requests of a method.
    faults: Vec<(Method, Fault)>,
    /// The methods of all requests that were answered.
    log: Vec<String>,
}

pub struct Server {
    state: Arc<Mutex<State>>,
    pub address: SocketAddr,
    /// The certificate of the authority, as PEM.
    pub ca: String,
    /// A client's certificate and key, as PEM.
    pub client: (String, String),
    _stop: oneshot::Sender<()>,
}

impl Server {
    pub fn start() -> Self {
        let (ca, config, client) = certificates();
        let state = Arc::new(Mutex::new(State::default()));
        let (stop, stopped) = oneshot::channel();
        let (send, receive) = std::sync::mpsc::channel();
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                send.send(listener.local_addr().unwrap()).unwrap();
                let acceptor = TlsAcceptor::from(Arc::new(config));
                tokio::select! {
                    () = serve(listener, acceptor, shared) => {}
                    _ = stopped => {}
                }
            });
        });
        Self {
            state,
            address: receive.recv().unwrap(),
            ca,
            client,
            _stop: stop,
        }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Stores a pod.
    pub fn put(&self, name: &str, text: &str) {
        let mut state = self.state();
        state.pods.insert(path(name), text.to_owned());
    }

    pub fn delete(&self, name: &str) {
        self.state().pods.remove(&path(name));
    }

    /// Returns the text of a pod.
    pub fn text(&self, name: &str) -> String {
        self.state().pods[&path(name)].clone()
    }

    /// Returns the annotations of a pod.
    pub fn annotations(&self, name: &str) -> Value {
        let pod: Value = serde_json::from_str(&self.text(name)).unwrap();
        pod["metadata"]["annotations"].clone()
    }

    /// Lets the next `times` requests of a method fail.
    pub fn fail(&self, method: &Method, fault: Fault, times: usize) {
        let faults = std::iter::repeat_n((method.clone(), fault), times);
        self.state().faults.extend(faults);
    }

    pub fn clear_faults(&self) {
        self.state().faults.clear();
    }

    /// Returns the methods of all requests that were answered.
    pub fn methods(&self) -> Vec<String> {
        self.state().log.clone()
    }
}

fn path(name: &str) -> String {
    format!("/api/v1/namespaces/default/pods/{name}")
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, state: Arc<Mutex<State>>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        tokio::spawn(connection(stream, acceptor.clone(), Arc::clone(&state)));
    }
}

async fn connection(stream: TcpStream, acceptor: TlsAcceptor, state: Arc<Mutex<State>>) {
    let Ok(stream) = acceptor.accept(stream).await else {
        return;
    };
    let has_certificate = stream.get_ref().1.peer_certificates().is_some();
    let service = service_fn(|request| answer(request, has_certificate, Arc::clone(&state)));
    let http = hyper::server::conn::http1::Builder::new();
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(
    request: Request<Incoming>,
    has_certificate: bool,
    state: Arc<Mutex<State>>,
) -> Result<Response<Full<Bytes>>, std::io::Error> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(std::io::Error::other)?;
    let body = String::from_utf8(body.to_bytes().to_vec()).unwrap();
    let fault = {
        let mut state = state.lock().unwrap();
        let found = state.faults.iter().position(|it| it.0 == parts.method);
        found.map(|at| state.faults.remove(at).1)
    };
    let kind = parts
        .headers
        .get("content-type")
        .map(|it| it.to_str().unwrap());
    let apply = || {
        let mut state = state.lock().unwrap();
        state.apply(&parts.method, parts.uri.path(), kind, &body)
    };
    let token = parts
        .headers
        .get("authorization")
        .map(|it| it.to_str().unwrap());
    let is_known = has_certificate || token == Some(&format!("Bearer {TOKEN}"));
    let (status, text) = match fault {
        Some(Fault::Close) => return Err(std::io::Error::other("closed")),
        Some(Fault::Silence) => return std::future::pending().await,
        Some(Fault::ApplyAndSilence) => {
            apply();
            return std::future::pending().await;
        }
        Some(Fault::Spaces(length)) => (200, " ".repeat(length)),
        Some(Fault::Status(code)) => (code, status_object(code)),
        None if !is_known => (401, status_object(401)),
        None => apply(),
    };
    let method = parts.method.to_string();
    state.lock().unwrap().log.push(method);
    let response = Response::builder().status(status).body(Full::from(text));
    Ok(response.unwrap())
}

fn status_object(code: u16) -> String {
    let reason = StatusCode::from_u16(code).unwrap();
    let message = format!(
        "message of the server: {}",
        reason.canonical_reason().unwrap_or("?")
    );
    json!({"kind": "Status", "status": "Failure", "message": message, "code": code}).to_string()
}

impl State {
    fn apply(
        &mut self,
        method: &Method,
        path: &str,
        kind: Option<&str>,
        body: &str,
    ) -> (u16, String) {
        let Some(text) = self.pods.get(path).cloned() else {
            return (404, status_object(404));
        };
        if *method == Method::GET {
            return (200, text);
        }
        let mut object: Value = serde_json::from_str(&text).unwrap();
        let sent: Value = serde_json::from_str(body).unwrap();
        let keys = ["resourceVersion", "uid"];
        if keys
            .iter()
            .any(|key| sent["metadata"][key] != object["metadata"][key])
        {
            return (409, status_object(409));
        }
        self.version += 1;
        let version = json!(format!("{}-changed", self.version));
        let new = match (method.as_str(), kind) {
            ("PATCH", Some("application/merge-patch+json")) => {
                merge(&mut object, &sent);
                object["metadata"]["resourceVersion"] = version;
                object.to_string()
            }
            ("PUT", Some("application/json")) => body.to_owned(),
            _ => return (415, status_object(415)),
        };
        self.pods.insert(path.to_owned(), new.clone());
        (200, new)
    }
}

/// Merges by RFC 7396.
fn merge(target: &mut Value, patch: &Value) {
    let Some(patch) = patch.as_object() else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let members = target.as_object_mut().unwrap();
    for (key, value) in patch {
        if value.is_null() {
            members.remove(key);
        } else {
            merge(members.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

/// Creates an authority, the server's settings, and a client's certificate and key.
fn certificates() -> (String, ServerConfig, (String, String)) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let ca = params.self_signed(&key).unwrap();
    let issuer = Issuer::new(params, key);
    let leaf = |name: &str| {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (params.signed_by(&key, &issuer).unwrap(), key)
    };
    let (server, server_key) = leaf("127.0.0.1");
    let (client, client_key) = leaf("client");
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(ca.der().to_vec())).unwrap();
    let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).allow_unauthenticated();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(server_key.serialize_der()));
    let config = ServerConfig::builder()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(vec![CertificateDer::from(server.der().to_vec())], key)
        .unwrap();
    (ca.pem(), config, (client.pem(), client_key.serialize_pem()))
}
