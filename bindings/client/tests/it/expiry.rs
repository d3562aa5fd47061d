//! The cost of deadlines after a burst.

use std::time::{Duration, Instant};

use vpp_client::{Builder, Client, ErrorKind};

use crate::messages::Echo;
use crate::peer::{Peer, start};

/// The time of 10,000 sequential calls, the best of several rounds.
async fn best(client: &Client, peer: &mut Peer) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let started = Instant::now();
        for value in 0..2000 {
            let call = client.call(Echo { value });
            peer.answer_next().await;
            assert_eq!(call.await.unwrap().value, value);
        }
        best = best.min(started.elapsed());
    }
    best
}

#[tokio::test]
async fn calls_after_a_burst_are_as_fast_as_before() {
    const BURST: u32 = 200_000;
    let (client, mut peer) = start(Builder::new().timeout(Duration::from_secs(600))).await;
    let before = best(&client, &mut peer).await;
    let calls: Vec<_> = (0..BURST)
        .map(|value| client.call(Echo { value }))
        .collect();
    for _ in 0..BURST {
        peer.answer_next().await;
    }
    for (value, call) in (0..).zip(calls) {
        assert_eq!(call.await.unwrap().value, value);
    }
    let after = best(&client, &mut peer).await;
    assert!(after < 3 * before, "{before:?} before, {after:?} after");

    // Deadlines still expire in order.
    let started = Instant::now();
    let later = client.with_timeout(Duration::from_millis(80));
    let sooner = client.with_timeout(Duration::from_millis(20));
    let (later, sooner) = (
        later.call(Echo { value: 1 }),
        sooner.call(Echo { value: 2 }),
    );
    assert!(sooner.await.unwrap_err().kind() == ErrorKind::Timeout);
    assert!(started.elapsed() >= Duration::from_millis(20));
    assert!(later.await.unwrap_err().kind() == ErrorKind::Timeout);
    assert!(started.elapsed() >= Duration::from_millis(80));
}
