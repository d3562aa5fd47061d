//! Replacing a subscription whose renewal timed out.

use std::time::Duration;

use vpp_client::events::{Notice, Subscription};
use vpp_client::{Client, ErrorKind};

use crate::messages::{Echo, Tick, WantTicks};
use crate::peer::Peer;
use crate::server::Server;

async fn number(ticks: &mut Subscription<Tick>) -> u32 {
    ticks.next().await.unwrap().unwrap().event().unwrap().number
}

/// Checks that the client has not sent anything else.
async fn assert_nothing_was_sent(client: &Client, peer: &mut Peer) {
    let call = client.call(Echo { value: 77 });
    let message = peer.next().await.unwrap();
    assert_eq!(message.read::<Echo>().value, 77);
    peer.answer(&message).await;
    call.await.unwrap();
}

async fn replace(server: &Server, client: &Client, mut ticks: Subscription<Tick>, mut peer: Peer) {
    drop(peer);
    peer = server.accept().await;
    // The renewal is not answered.
    let (late, want) = peer.expect::<WantTicks>().await;
    assert!(want.enable);
    let error = ticks.next().await.unwrap().unwrap_err();
    assert!(error.kind() == ErrorKind::Timeout, "{error}");

    let again = async {
        assert!(!peer.expect::<WantTicks>().await.1.enable);
        let want = peer.confirm().await;
        assert!(want.enable);
        want.pid
    };
    let (renewed, pid) = tokio::join!(client.subscribe::<WantTicks>(), again);
    let mut renewed = renewed.unwrap();
    for expected in 0..3 {
        peer.send_tick(pid, expected).await;
        assert_eq!(number(&mut renewed).await, expected);
        assert!(ticks.next().await.is_none());
    }
    // The late answer to the renewal is ignored.
    peer.send(&crate::messages::WantTicksReply { retval: -7 }, late)
        .await;
    drop(ticks);
    assert_nothing_was_sent(client, &mut peer).await;
    peer.send_tick(pid, 9).await;
    assert_eq!(number(&mut renewed).await, 9);
    drop(renewed);
    assert!(!peer.expect::<WantTicks>().await.1.enable);
}

#[tokio::test(start_paused = true)]
async fn subscription_can_be_replaced_before_it_is_dropped() {
    for _ in 0..10 {
        let server = Server::new();
        let builder = server.builder().timeout(Duration::from_secs(2));
        let (client, mut peer) = server.connect(builder).await;
        let (ticks, _) = tokio::join!(client.subscribe::<WantTicks>(), peer.confirm());
        replace(&server, &client, ticks.unwrap(), peer).await;
    }
}

#[tokio::test(start_paused = true)]
async fn subscription_can_be_replaced_ten_times_in_a_row() {
    let server = Server::new();
    let builder = server.builder().timeout(Duration::from_secs(2));
    let (client, mut peer) = server.connect(builder).await;
    let (ticks, _) = tokio::join!(client.subscribe::<WantTicks>(), peer.confirm());
    let mut handles = vec![ticks.unwrap()];
    for round in 0..10 {
        drop(peer);
        peer = server.accept().await;
        let (_, want) = peer.expect::<WantTicks>().await;
        assert!(want.enable, "round {round}");
        let last = handles.last_mut().unwrap();
        let error = last.next().await.unwrap().unwrap_err();
        assert!(error.kind() == ErrorKind::Timeout, "round {round}: {error}");
        let again = async {
            assert!(!peer.expect::<WantTicks>().await.1.enable);
            peer.confirm().await
        };
        let (renewed, want) = tokio::join!(client.subscribe::<WantTicks>(), again);
        let mut renewed = renewed.unwrap();
        peer.send_tick(want.pid, round).await;
        let event = renewed.next().await.unwrap().unwrap();
        assert!(matches!(event, Notice::Event(Tick { number, .. }) if number == round));
        for ended in &mut handles {
            assert!(ended.next().await.is_none());
        }
        handles.push(renewed);
    }
    // All but the last have ended. Dropping them sends nothing.
    let last = handles.pop().unwrap();
    drop(handles);
    assert_nothing_was_sent(&client, &mut peer).await;
    drop(last);
    assert!(!peer.expect::<WantTicks>().await.1.enable);
}
