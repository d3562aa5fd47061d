use std::error::Error as _;
use std::time::Duration;

use vpp_client::connection::State;
use vpp_client::{Builder, Client, Effect, ErrorKind};

use crate::messages::{Echo, ItemDump, WantTicks, WantTicksReply};
use crate::peer::{pair, start};

#[tokio::test(start_paused = true)]
async fn pending_calls_and_streams_fail_at_once() {
    let (client, connection, mut peer) = pair(Builder::new()).await;
    let connection = tokio::spawn(connection);
    let ticks = client.subscribe::<WantTicks>();
    let (ticks, ()) = tokio::join!(ticks, async {
        let (context, _) = peer.expect::<WantTicks>().await;
        peer.send(&WantTicksReply { retval: 0 }, context).await;
    });
    let mut ticks = ticks.unwrap();
    let calls: Vec<_> = (0..100).map(|value| client.call(Echo { value })).collect();
    let dump = client.dump(ItemDump { count: 5 });
    let (context, _) = loop {
        let message = peer.next().await.unwrap();
        if message.is::<ItemDump>() {
            break (message.context, ());
        }
    };
    peer.send_items(0..2, context).await;
    let started = tokio::time::Instant::now();
    drop(peer);
    for call in calls {
        let error = call.await.unwrap_err();
        assert!(error.kind() == ErrorKind::Disconnected);
        assert_eq!(error.to_string(), "echo: not connected to VPP");
        assert!(error.source().is_some());
    }
    assert!(dump.all().await.unwrap_err().kind() == ErrorKind::Disconnected);
    assert!(ticks.next().await.unwrap().unwrap_err().kind() == ErrorKind::Disconnected);
    assert!(ticks.next().await.is_none());
    assert!(started.elapsed() < Duration::from_millis(100));
    assert!(connection.await.unwrap().unwrap_err().kind() == ErrorKind::Disconnected);
    assert!(client.call(Echo { value: 1 }).await.unwrap_err().kind() == ErrorKind::Disconnected);
    assert_eq!(client.state().current(), State::Closed);
}

#[tokio::test]
async fn items_before_the_loss_are_returned_first() {
    let (client, mut peer) = start(Builder::new()).await;
    let mut dump = client.dump(ItemDump { count: 5 });
    let (context, _) = peer.expect::<ItemDump>().await;
    peer.send_items(0..2, context).await;
    drop(peer);
    assert_eq!(dump.next().await.unwrap().unwrap().index, 0);
    assert_eq!(dump.next().await.unwrap().unwrap().index, 1);
    assert!(dump.next().await.unwrap().unwrap_err().kind() == ErrorKind::Disconnected);
}

#[tokio::test]
async fn dropping_the_connection_fails_its_calls() {
    let (client, connection, _peer) = pair(Builder::new()).await;
    let call = client.call(Echo { value: 1 });
    drop(connection);
    assert!(call.await.unwrap_err().kind() == ErrorKind::Disconnected);
}

#[tokio::test]
async fn error_for_a_path_without_vpp_suggests_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.sock");
    let error = Client::builder().socket(&path).connect().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.effect()),
        (ErrorKind::Connect, Effect::NotSent)
    );
    let text = error.to_string();
    assert!(
        text.contains("api.sock") && text.contains("check that VPP is running"),
        "{text}"
    );

    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let error = Client::builder().socket(&path).connect().await.unwrap_err();
    assert!(
        error.to_string().contains("nothing listens on the socket"),
        "{error}"
    );
}
