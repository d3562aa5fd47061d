//! Connecting while VPP's listen queue is full.

use std::os::unix::net::UnixListener;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::net::{
    AddressFamily, SocketAddrUnix, SocketFlags, SocketType, bind, connect, listen, socket,
    socket_with,
};
use tempfile::TempDir;
use vpp_client::{Client, Effect, Error, ErrorKind};

use crate::messages::Echo;
use crate::peer::{Peer, table};

/// A socket whose listen queue holds two connections, and the connections that fill it.
struct Full {
    folder: TempDir,
    listener: UnixListener,
    fillers: Vec<std::os::fd::OwnedFd>,
}

impl Full {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = SocketAddrUnix::new(folder.path().join("api.sock")).unwrap();
        let listener = socket(AddressFamily::UNIX, SocketType::STREAM, None).unwrap();
        bind(&listener, &address).unwrap();
        listen(&listener, 1).unwrap();
        let mut fillers = Vec::new();
        loop {
            let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
            let filler = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None);
            let filler = filler.unwrap();
            match connect(&filler, &address) {
                Ok(()) => fillers.push(filler),
                Err(error) => {
                    assert_eq!(error, rustix::io::Errno::AGAIN);
                    break;
                }
            }
        }
        Self {
            folder,
            listener: listener.into(),
            fillers,
        }
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("api.sock")
    }
}

fn assert_names_the_queue(error: &Error) {
    let found = (error.kind(), error.effect());
    assert_eq!(found, (ErrorKind::Connect, Effect::NotSent), "{error}");
    let text = error.to_string();
    assert!(text.contains("queue"), "{text}");
    assert!(text.contains("api.sock"), "{text}");
}

/// Accepts `clients` connections after the fillers and answers each until it closes.
async fn serve(listener: UnixListener, fillers: usize, clients: usize) {
    listener.set_nonblocking(true).unwrap();
    let listener = tokio::net::UnixListener::from_std(listener).unwrap();
    for _ in 0..fillers {
        listener.accept().await.unwrap();
    }
    let mut peers = tokio::task::JoinSet::new();
    for _ in 0..clients {
        let (io, _) = listener.accept().await.unwrap();
        peers.spawn(async move {
            let mut peer = Peer::accept(io, table(100)).await.unwrap();
            while peer.answer_next().await {}
        });
    }
    peers.join_all().await;
}

#[tokio::test(start_paused = true)]
async fn clients_retry_while_the_listen_queue_is_full() {
    const CLIENTS: u32 = 20;
    let full = Full::new();
    let path = full.path();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|value| {
            let builder = Client::builder().socket(&path);
            tokio::spawn(async move {
                let builder = builder.timeout(Duration::from_secs(60));
                let (client, connection) = builder.connect().await.unwrap();
                tokio::spawn(connection);
                assert_eq!(client.call(Echo { value }).await.unwrap().value, value);
            })
        })
        .collect();
    // Every client has found the queue full, more than once.
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(clients.iter().all(|client| !client.is_finished()));
    let Full {
        folder: _folder,
        listener,
        fillers,
    } = full;
    tokio::spawn(serve(listener, fillers.len(), CLIENTS as usize));
    // The paused clock advances while a task waits for a socket. This limits how fast.
    tokio::spawn(async {
        loop {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    for client in clients {
        client.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn full_listen_queue_is_an_error_after_the_timeout() {
    let full = Full::new();
    let started = tokio::time::Instant::now();
    let builder = Client::builder().socket(full.path());
    let timeout = Duration::from_secs(3);
    let error = builder.timeout(timeout).connect().await.unwrap_err();
    assert_names_the_queue(&error);
    let elapsed = started.elapsed();
    assert!(elapsed <= timeout && elapsed > timeout / 2, "{elapsed:?}");
}

fn connect_blocking(path: &Path, timeout: Duration) -> Result<vpp_client::blocking::Client, Error> {
    let builder = Client::builder().socket(path);
    builder.timeout(timeout).connect_blocking()
}

#[test]
fn blocking_clients_retry_while_the_listen_queue_is_full() {
    const CLIENTS: u32 = 20;
    let full = Full::new();
    let path = &full.path();
    let Full {
        folder: _folder,
        listener,
        fillers,
    } = full;
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|value| {
                scope.spawn(move || {
                    let client = connect_blocking(path, Duration::from_secs(30)).unwrap();
                    assert_eq!(client.call(Echo { value }).unwrap().value, value);
                })
            })
            .collect();
        scope.spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = { runtime }.enable_all().build().unwrap();
            runtime.block_on(serve(listener, fillers.len(), CLIENTS as usize));
        });
        for client in clients {
            client.join().unwrap();
        }
    });
}

#[test]
fn full_listen_queue_is_an_error_of_the_blocking_client() {
    let full = Full::new();
    let started = Instant::now();
    let error = connect_blocking(&full.path(), Duration::from_millis(200)).unwrap_err();
    assert_names_the_queue(&error);
    let elapsed = started.elapsed();
    assert!(elapsed < Duration::from_secs(5), "{elapsed:?}");
    assert!(elapsed >= Duration::from_millis(150), "{elapsed:?}");
}
