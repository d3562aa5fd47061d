//! Tests of the blocking client.

mod events;
mod loss;
mod slow;
mod threads;

use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tempfile::TempDir;
use vpp_client::events::Notice;
use vpp_client::{Builder, Client, ErrorKind, blocking};

use crate::messages::{Echo, ItemDump, Tick, WantTicks, WantTicksReply};
use crate::peer::{Peer, table};

/// A listening socket, for threads that act as VPP.
struct Server {
    folder: TempDir,
    listener: UnixListener,
}

impl Server {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("api.sock")).unwrap();
        Self { folder, listener }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("api.sock")
    }

    fn builder(&self) -> Builder {
        let builder = Client::builder().socket(self.path());
        builder.timeout(Duration::from_secs(60))
    }

    fn connect(&self) -> blocking::Client {
        self.builder().connect_blocking().unwrap()
    }

    /// Acts as VPP on the next connection, in a new thread.
    fn serve<T: Send + 'static>(
        &self,
        script: impl AsyncFnOnce(Peer) -> T + Send + 'static,
    ) -> JoinHandle<T> {
        self.serve_with(table(100), script)
    }

    /// Like [`serve`](Self::serve), with the messages of `table`.
    fn serve_with<T: Send + 'static>(
        &self,
        table: Vec<(String, u16)>,
        script: impl AsyncFnOnce(Peer) -> T + Send + 'static,
    ) -> JoinHandle<T> {
        let listener = self.listener.try_clone().unwrap();
        thread::spawn(move || {
            let (io, _) = listener.accept().unwrap();
            io.set_nonblocking(true).unwrap();
            let mut builder = tokio::runtime::Builder::new_current_thread();
            let runtime = builder.enable_all().build().unwrap();
            runtime.block_on(async move {
                let io = tokio::net::UnixStream::from_std(io).unwrap();
                script(Peer::accept(io, table).await.unwrap()).await
            })
        })
    }
}

/// Answers until the client unregisters. Every `Echo` also causes an event. Returns whether the
/// client has unregistered.
async fn answer_with_events(mut peer: Peer) -> bool {
    while let Some(message) = peer.next().await {
        if message.is::<WantTicks>() {
            let reply = WantTicksReply { retval: 0 };
            peer.send(&reply, message.context).await;
        } else if !peer.answer(&message).await {
            return true;
        }
        if message.is::<Echo>() {
            let Echo { value } = message.read();
            peer.send_tick(0, value).await;
        }
    }
    false
}

#[test]
fn calls_dumps_and_events_work_without_async() {
    let server = Server::new();
    let played = server.serve(answer_with_events);
    let client = server.connect();
    let items: Result<Vec<_>, _> = client.dump(ItemDump { count: 50 }).collect();
    assert_eq!(items.unwrap().len(), 50);
    let mut ticks = client.subscribe::<WantTicks>().unwrap();
    assert_eq!(client.call(Echo { value: 5 }).unwrap().value, 5);
    let tick = Tick { pid: 0, number: 5 };
    assert_eq!(ticks.next().unwrap().unwrap(), Notice::Event(tick));
    drop(client);
    drop(ticks);
    assert!(played.join().unwrap(), "the client did not unregister");
}

#[test]
fn path_without_vpp_is_a_connect_error() {
    let folder = tempfile::tempdir().unwrap();
    let builder = Client::builder().socket(folder.path().join("none"));
    let error = builder.connect_blocking().unwrap_err();
    assert!(error.kind() == ErrorKind::Connect, "{error}");
}

#[test]
fn dropping_the_last_client_or_iterator_unregisters() {
    let server = Server::new();
    let played = server.serve(answer_with_events);
    let client = server.connect();
    let copy = client.clone();
    let mut ticks = client.events::<Tick>().unwrap();
    drop(client);
    copy.call(Echo { value: 1 }).unwrap();
    let mut dump = copy.dump(ItemDump { count: 3 });
    drop(copy);
    // Iterators keep the connection open.
    assert!(ticks.next().unwrap().is_ok());
    drop(ticks);
    assert_eq!(dump.by_ref().map(Result::unwrap).count(), 3);
    drop(dump);
    assert!(played.join().unwrap(), "the client did not unregister");
}
