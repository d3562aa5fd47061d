use std::task::Poll;

use tokio::net::UnixListener;
use vpp_client::connection::State;
use vpp_client::{Builder, Client, ErrorKind};
use vpp_wire::bootstrap::SockclntDelete;

use crate::messages::{Echo, ItemDump};
use crate::peer::{CLIENT, Peer, pair, table};

#[tokio::test]
async fn dropping_the_last_client_unregisters() {
    let (client, connection, mut peer) = pair(Builder::new()).await;
    let connection = tokio::spawn(connection);
    let call = client.call(Echo { value: 1 });
    drop(client.clone());
    drop(client);
    // The call in flight is answered first.
    let message = peer.next().await.unwrap();
    peer.answer(&message).await;
    assert_eq!(call.await.unwrap().value, 1);
    let message = peer.next().await.unwrap();
    assert_eq!(message.read::<SockclntDelete>().index, CLIENT);
    peer.answer(&message).await;
    connection.await.unwrap().unwrap();
    assert!(peer.next().await.is_none());
}

#[test]
fn dropping_the_runtime_unregisters() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.sock");
    let server = tokio::runtime::Runtime::new().unwrap();
    let listener = {
        let _inside = server.enter();
        UnixListener::bind(&path).unwrap()
    };
    let unregistered = server.spawn(async move {
        let (io, _) = listener.accept().await.unwrap();
        let mut peer = Peer::accept(io, table(100)).await.unwrap();
        peer.expect::<Echo>().await;
        peer.expect::<SockclntDelete>().await.1.index
    });
    let program = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let client = program.block_on(async {
        let (client, connection) = Client::builder().socket(&path).connect().await.unwrap();
        tokio::spawn(connection);
        let pending = tokio::spawn(client.call(Echo { value: 1 }));
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        drop(pending);
        client
    });
    drop(program);
    assert_eq!(server.block_on(unregistered).unwrap(), CLIENT);
    assert_eq!(client.state().current(), State::Closed);
}

#[tokio::test]
async fn disconnect_waits_for_earlier_calls() {
    let (client, connection, mut peer) = pair(Builder::new()).await;
    let connection = tokio::spawn(connection);
    let call = client.call(Echo { value: 1 });
    let serve = async { while peer.answer_next().await {} };
    tokio::join!(client.disconnect(), serve);
    assert_eq!(call.await.unwrap().value, 1);
    connection.await.unwrap().unwrap();
    assert!(client.call(Echo { value: 1 }).await.unwrap_err().kind() == ErrorKind::Disconnected);
    assert!(
        client
            .dump(ItemDump { count: 1 })
            .all()
            .await
            .unwrap_err()
            .kind()
            == ErrorKind::Disconnected
    );
    assert_eq!(client.state().current(), State::Closed);
    client.disconnect().await;
}

#[tokio::test(start_paused = true)]
async fn missing_reply_to_sockclnt_delete_does_not_delay_for_long() {
    let (client, connection, mut peer) = pair(Builder::new()).await;
    let connection = tokio::spawn(connection);
    let started = tokio::time::Instant::now();
    let pending = client.call(Echo { value: 1 });
    client.disconnect().await;
    assert!(started.elapsed().as_millis() < 1000);
    assert!(pending.await.unwrap_err().kind() == ErrorKind::Disconnected);
    connection.await.unwrap().unwrap();
    peer.expect::<Echo>().await;
    peer.expect::<SockclntDelete>().await;
}

#[tokio::test]
async fn closed_connections_leave_no_file_descriptors() {
    let open = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let server = tokio::spawn(async move {
        loop {
            let (io, _) = listener.accept().await.unwrap();
            let mut peer = Peer::accept(io, table(100)).await.unwrap();
            while peer.answer_next().await {}
        }
    });
    let before = open();
    for _ in 0..500 {
        let (client, connection) = Client::builder().socket(&path).connect().await.unwrap();
        let connection = tokio::spawn(connection);
        client.call(Echo { value: 1 }).await.unwrap();
        drop(client);
        connection.await.unwrap().unwrap();
    }
    // Other tests of this binary open and close sockets at the same time.
    assert!(open() < before + 200, "{before} {}", open());
    let metrics = tokio::runtime::Handle::current().metrics();
    assert_eq!(metrics.num_alive_tasks(), 1);
    server.abort();
}

#[tokio::test]
async fn connection_that_is_dropped_without_tokio_budget_unregisters() {
    let (client, connection, mut peer) = pair(Builder::new()).await;
    let dropping = tokio::spawn(async move {
        // Uses up the task's tokio budget.
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
        for number in 0..10_000 {
            sender.send(number).unwrap();
        }
        std::future::poll_fn(|cx| {
            while receiver.poll_recv(cx).is_ready() {}
            Poll::Ready(())
        })
        .await;
        assert!(!tokio::task::coop::has_budget_remaining());
        drop(connection);
    });
    dropping.await.unwrap();
    let message = peer.next().await.unwrap();
    assert_eq!(message.read::<SockclntDelete>().index, CLIENT);
    assert!(peer.next().await.is_none());
    assert_eq!(client.state().current(), State::Closed);
}
