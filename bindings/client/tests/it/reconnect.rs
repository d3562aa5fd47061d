use std::time::Duration;

use tokio::net::UnixListener;
use vpp_client::{Client, Notice, ReconnectPolicy, State};

use crate::events::{subscribe, tick};
use crate::messages::{Echo, WantTicks, WantTicksReply};
use crate::peer::{Peer, shuffled, table};

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
async fn a_restarted_vpp_is_found_again_and_asked_for_events_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.sock");
    // The client is there before VPP is.
    let builder = Client::builder().socket(&path).reconnect(policy());
    let (client, connection) = builder.connect_lazy().unwrap();
    let connection = tokio::spawn(connection);
    let mut state = client.state();
    assert!(state.wait_for(State::Disconnected).await);
    assert!(
        client
            .call(Echo { value: 0 })
            .await
            .unwrap_err()
            .is_disconnected()
    );

    let listener = UnixListener::bind(&path).unwrap();
    let mut peer = accept(&listener, table(100)).await;
    client.connected().await.unwrap();
    let mut ticks = subscribe(&client, &mut peer).await;
    tick(&mut peer, 1).await;
    assert_eq!(
        ticks.next().await.unwrap().unwrap().event().unwrap().number,
        1
    );

    // VPP goes in the middle of a call, which fails and is never sent again.
    let call = client.call(Echo { value: 1 });
    peer.next().await.unwrap();
    drop(peer);
    drop(listener);
    std::fs::remove_file(&path).unwrap();
    assert!(call.await.unwrap_err().is_disconnected());
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
async fn connecting_waits_for_vpp_where_there_is_a_policy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.sock");
    let builder = Client::builder().socket(&path).reconnect(policy());
    let connecting = tokio::spawn(builder.connect());
    // The first attempt has found nothing once other tasks had their turn.
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
async fn a_policy_can_give_up() {
    let folder = tempfile::tempdir().unwrap();
    let builder = Client::builder().socket(folder.path().join("api.sock"));
    let error = builder
        .reconnect(policy().attempts(3))
        .connect()
        .await
        .unwrap_err();
    assert!(error.is_connect());
}

#[tokio::test]
async fn a_client_that_is_dropped_while_reconnecting_ends_the_connection() {
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
