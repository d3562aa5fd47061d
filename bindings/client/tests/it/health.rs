//! Health checks detect a VPP that hangs although its socket is open.

use std::time::Duration;

use tokio::time::Instant;
use vpp_client::connection::State;
use vpp_client::{Builder, ErrorKind, HealthCheck};
use vpp_wire::bootstrap::ControlPing;

use crate::messages::{Echo, EchoReply};
use crate::peer::{pair, start};
use crate::server::Server;

fn check() -> HealthCheck {
    HealthCheck::new()
        .interval(Duration::from_secs(1))
        .misses(3)
}

#[tokio::test(start_paused = true)]
async fn silent_peer_is_lost_after_the_missed_pings() {
    let (client, connection, mut peer) = pair(Builder::new().health_check(check())).await;
    let started = Instant::now();
    let connection = tokio::spawn(connection);
    let long = client.with_timeout(Duration::from_secs(600));
    let call = long.call(Echo { value: 1 });
    let error = call.await.unwrap_err();
    assert!(error.kind() == ErrorKind::Disconnected, "{error}");
    let error = connection.await.unwrap().unwrap_err();
    assert!(error.to_string().contains("3 health checks"), "{error}");
    assert_eq!(client.state().current(), State::Closed);
    let elapsed = started.elapsed().as_secs();
    assert!((3..=5).contains(&elapsed), "{elapsed} s");
    peer.expect::<Echo>().await;
    for _ in 0..3 {
        peer.expect::<ControlPing>().await;
    }
}

#[tokio::test(start_paused = true)]
async fn client_reconnects_after_failed_health_checks() {
    let server = Server::new();
    let builder = server.builder().health_check(check());
    let (client, _silent) = server.connect(builder).await;
    let mut peer = server.accept().await;
    client.connected().await.unwrap();
    let call = client.call(Echo { value: 1 });
    peer.answer_next().await;
    assert_eq!(call.await.unwrap().value, 1);
    assert_eq!(client.counters().connects, 2);
}

#[tokio::test(start_paused = true)]
async fn peer_that_answers_pings_stays_connected() {
    let (client, mut peer) = start(Builder::new().health_check(check())).await;
    let started = Instant::now();
    for _ in 0..20 {
        let (context, _) = peer.expect::<ControlPing>().await;
        peer.send_pong(context).await;
    }
    assert!(started.elapsed() >= Duration::from_secs(19));
    assert_eq!(client.state().current(), State::Connected);
    assert_eq!(client.counters().stray_frames, 0);
    assert_eq!(client.counters().late_replies, 0);
}

#[tokio::test(start_paused = true)]
async fn any_traffic_counts_as_an_answer() {
    let (client, mut peer) = start(Builder::new().health_check(check())).await;
    let started = Instant::now();
    // Events arrive in time. Pings would not be answered.
    for number in 0..40 {
        tokio::time::sleep(Duration::from_millis(900)).await;
        peer.send_tick(0, number).await;
    }
    assert!(started.elapsed() >= Duration::from_secs(35));
    assert_eq!(client.state().current(), State::Connected);
    let call = client.call(Echo { value: 1 });
    loop {
        let message = peer.next().await.unwrap();
        if message.is::<Echo>() {
            peer.answer(&message).await;
            break;
        }
    }
    assert_eq!(call.await.unwrap().value, 1);
}

#[tokio::test(start_paused = true)]
async fn silent_peer_stays_connected_without_a_health_check() {
    let (client, mut peer) = start(Builder::new()).await;
    tokio::time::sleep(Duration::from_secs(100_000)).await;
    assert_eq!(client.state().current(), State::Connected);
    let call = client.call(Echo { value: 1 });
    // No ping has arrived before.
    let message = peer.next().await.unwrap();
    assert!(message.is::<Echo>());
    peer.answer(&message).await;
    assert_eq!(call.await.unwrap().value, 1);
}

#[tokio::test(start_paused = true)]
async fn partial_frame_counts_as_an_answer() {
    let (client, mut peer) = start(Builder::new().health_check(check())).await;
    let long = client.with_timeout(Duration::from_secs(600));
    let call = long.call(Echo { value: 1 });
    let (context, _) = peer.expect::<Echo>().await;
    let mut payload = peer.id::<EchoReply>().to_be_bytes().to_vec();
    payload.extend(context.to_be_bytes());
    payload.extend([0, 0, 0, 0, 0, 0, 0, 1]);
    let mut frame = Vec::new();
    vpp_wire::frame::wrap(&payload, &mut frame).unwrap();
    for byte in frame {
        tokio::time::sleep(Duration::from_millis(900)).await;
        peer.raw(&[byte]).await;
    }
    assert_eq!(call.await.unwrap().value, 1);
}
