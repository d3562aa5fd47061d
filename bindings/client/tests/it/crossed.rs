//! Random calls: with delays, timeouts, drops, repeated and missing replies.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use vpp_client::{Builder, Client, ErrorKind};

use crate::messages::{Echo, EchoReply};
use crate::peer::{Peer, start};

/// A small generator of pseudo-random numbers.
pub struct PseudoRandom(pub u64);

impl PseudoRandom {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

/// Counts the results of calls.
#[derive(Debug, Default)]
struct Results {
    answered: u32,
    timed_out: u32,
    dropped: u32,
}

/// Answers calls after random delays, some twice and some never.
async fn answer_at_random(mut peer: Peer) {
    let (sender, mut answers) = tokio::sync::mpsc::unbounded_channel();
    let mut numbers = PseudoRandom(7);
    loop {
        tokio::select! {
            message = peer.next() => {
                let Some(message) = message.filter(|message| message.is::<Echo>()) else {
                    return;
                };
                let Echo { value } = message.read();
                let answers = match numbers.below(10) {
                    0 => 0,
                    1 | 2 => 2,
                    _ => 1,
                };
                for _ in 0..answers {
                    let delay = Duration::from_millis(numbers.below(100));
                    let sender = sender.clone();
                    tokio::spawn(async move {
                        tokio::time::sleep(delay).await;
                        // The test may have ended.
                        let _ = sender.send((message.context, value));
                    });
                }
            }
            Some((context, value)) = answers.recv() => {
                peer.send(&EchoReply { retval: 0, value }, context).await;
            }
        }
    }
}

async fn make_call(
    client: Client,
    value: u32,
    mut numbers: PseudoRandom,
    results: Arc<Mutex<Results>>,
) {
    let timeout = Duration::from_millis(20 + numbers.below(80));
    let call = client.with_timeout(timeout).call(Echo { value });
    let patience = match numbers.below(5) {
        0 => Duration::from_millis(numbers.below(60)),
        _ => Duration::from_secs(10),
    };
    let result = tokio::time::timeout(patience, call).await;
    let mut results = results.lock().unwrap();
    match result {
        Ok(Ok(reply)) => {
            assert_eq!(reply.value, value, "the reply to another call");
            results.answered += 1;
        }
        Ok(Err(error)) => {
            assert!(error.kind() == ErrorKind::Timeout, "{error}");
            results.timed_out += 1;
        }
        Err(_) => results.dropped += 1,
    }
}

#[tokio::test(start_paused = true)]
async fn replies_never_reach_another_call() {
    const CALLS: u32 = 100_000;
    const AT_ONCE: usize = 200;
    let (client, peer) = start(Builder::new()).await;
    tokio::spawn(answer_at_random(peer));
    let results = Arc::new(Mutex::new(Results::default()));
    let mut waiting = tokio::task::JoinSet::new();
    for value in 0..CALLS {
        let call = make_call(
            client.clone(),
            value,
            PseudoRandom(value.into()),
            Arc::clone(&results),
        );
        waiting.spawn(call);
        if waiting.len() == AT_ONCE {
            waiting.join_next().await.unwrap().unwrap();
        }
    }
    while let Some(call) = waiting.join_next().await {
        call.unwrap();
    }
    let results = results.lock().unwrap();
    let Results {
        answered,
        timed_out,
        dropped,
    } = *results;
    assert_eq!(answered + timed_out + dropped, CALLS);
    for count in [answered, timed_out, dropped] {
        assert!(count > CALLS / 20, "{results:?}");
    }
    let counters = client.counters();
    assert_eq!(counters.stray_frames, 0);
    assert!(counters.late_replies > u64::from(CALLS / 20));
    assert_eq!(counters.in_flight, 0);
    assert_eq!(counters.memory, 0);
}
