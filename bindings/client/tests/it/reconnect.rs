use std::time::Duration;

use tokio::net::UnixListener;
use vpp_client::connection::State;
use vpp_client::events::Notice;
use vpp_client::{Client, ErrorKind, ReconnectPolicy};

use crate::events::{subscribe, tick};
use crate::messages::{Echo, WantTicks, WantTicksReply};
use crate::peer::{Peer, shuffled, table};
use crate::server::{Server, quick};

fn policy() -> ReconnectPolicy {
    let millisecond = Duration::from_millis(1);
    ReconnectPolicy::new()
        .first_delay(millisecond)
        .longest_delay(4 * millisecond)
}

async fn accept(listener: &UnixListener, table: Vec<(String, u16)>) -> Peer {
    let (io, _) = listener.accept().await.unwrap();
    Peer::accept(io, table).await.unwrap()
}

#[tokio::test]
async fn client_reconnects_and_resubscribes_after_a_restart_of_vpp() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.sock");
    // The client starts before VPP.
    let builder = Client::builder().socket(&path).reconnect(policy());
    let (client, connection) = builder.connect_lazy().unwrap();
    let connection = tokio::spawn(connection);
    let mut state = client.state();
    assert!(state.wait_for(State::Disconnected).await);
    assert!(client.call(Echo { value: 0 }).await.unwrap_err().kind() == ErrorKind::Disconnected);

    let listener = UnixListener::bind(&path).unwrap();
    let mut peer = accept(&listener, table(100)).await;
    client.connected().await.unwrap();
    let mut ticks = subscribe(&client, &mut peer).await;
    tick(&mut peer, 1).await;
    assert_eq!(
        ticks.next().await.unwrap().unwrap().event().unwrap().number,
        1
    );

    // VPP closes during a call, which fails and is not sent again.
    let call = client.call(Echo { value: 1 });
    peer.next().await.unwrap();
    drop(peer);
    drop(listener);
    std::fs::remove_file(&path).unwrap();
    assert!(call.await.unwrap_err().kind() == ErrorKind::Disconnected);
    assert!(state.wait_for(State::Disconnected).await);

    let listener = UnixListener::bind(&path).unwrap();
    let mut peer = accept(&listener, shuffled(40)).await;
    let (context, want) = peer.expect::<WantTicks>().await;
    assert!(want.enable);
    peer.send(&WantTicksReply { retval: 0 }, context).await;
    tick(&mut peer, 2).await;
    assert_eq!(ticks.next().await.unwrap().unwrap(), Notice::Restored);
    assert_eq!(
        ticks.next().await.unwrap().unwrap().event().unwrap().number,
        2
    );

    assert_eq!(state.current(), State::Connected);
    let call = client.call(Echo { value: 2 });
    let message = peer.next().await.unwrap();
    assert_eq!(message.read::<Echo>().value, 2);
    peer.answer(&message).await;
    assert_eq!(call.await.unwrap().value, 2);
    drop(ticks);
    assert!(!peer.expect::<WantTicks>().await.1.enable);
    tokio::spawn(async move { while peer.answer_next().await {} });
    client.disconnect().await;
    connection.await.unwrap().unwrap();
}

#[tokio::test]
async fn connect_with_a_policy_waits_for_vpp() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.sock");
    let builder = Client::builder().socket(&path).reconnect(policy());
    let connecting = tokio::spawn(builder.connect());
    // The first attempt fails while other tasks run.
    tokio::task::yield_now().await;
    let listener = UnixListener::bind(&path).unwrap();
    let mut peer = accept(&listener, table(100)).await;
    let (client, connection) = connecting.await.unwrap().unwrap();
    tokio::spawn(connection);
    let call = client.call(Echo { value: 2 });
    peer.answer_next().await;
    assert_eq!(call.await.unwrap().value, 2);
}

#[tokio::test]
async fn connection_closes_after_the_last_attempt() {
    let folder = tempfile::tempdir().unwrap();
    let builder = Client::builder().socket(folder.path().join("api.sock"));
    let error = builder
        .reconnect(policy().attempts(3))
        .connect()
        .await
        .unwrap_err();
    assert!(error.kind() == ErrorKind::Connect);
}

#[tokio::test]
async fn dropping_the_client_while_reconnecting_closes_the_connection() {
    let folder = tempfile::tempdir().unwrap();
    let builder = Client::builder().socket(folder.path().join("api.sock"));
    let (client, connection) = builder
        .reconnect(ReconnectPolicy::new())
        .connect_lazy()
        .unwrap();
    let connection = tokio::spawn(connection);
    client.state().wait_for(State::Disconnected).await;
    drop(client);
    connection.await.unwrap().unwrap();
}

#[tokio::test]
async fn policy_with_one_attempt_allows_one_after_each_loss() {
    let server = Server::new();
    let policy = quick().attempts(1);
    let builder = Client::builder().socket(server.path()).reconnect(policy);
    let (client, connection) = builder
        .timeout(Duration::from_secs(60))
        .connect_lazy()
        .unwrap();
    let connection = tokio::spawn(connection);
    let peer = server.accept().await;
    // The attempt after a loss succeeds. The next loss has its own attempt.
    drop(peer);
    let peer = server.accept().await;
    client.connected().await.unwrap();
    drop(peer);
    // The only attempt after this loss fails, because the peer closes during the handshake.
    server.refuse().await;
    let error = connection.await.unwrap().unwrap_err();
    assert!(error.kind() == ErrorKind::Connect, "{error}");
    assert_eq!(client.state().current(), State::Closed);
    assert_eq!(client.counters().connects, 2);
    assert!(!server.is_asked(), "there was another attempt");
}

#[tokio::test]
async fn policy_with_one_attempt_allows_one_to_connect() {
    let server = Server::new();
    let policy = quick().attempts(1);
    let builder = Client::builder().socket(server.path()).reconnect(policy);
    let (error, ()) = tokio::join!(builder.connect(), server.refuse());
    assert!(error.unwrap_err().kind() == ErrorKind::Connect);
    assert!(!server.is_asked(), "there was another attempt");
}
