//! Calls at random: delays, timeouts, drops, and answers that come twice or never.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use vpp_client::{Builder, Client, ErrorKind};

use crate::messages::{Echo, EchoReply};
use crate::peer::{Peer, start};

/// A small generator of numbers that only look random.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

/// How calls ended.
#[derive(Debug, Default)]
struct Ends {
    answered: u32,
    timed_out: u32,
    dropped: u32,
}

/// Answers calls after random delays; some twice, some never.
async fn answer_at_random(mut peer: Peer) {
    let (sender, mut answers) = tokio::sync::mpsc::unbounded_channel();
    let mut numbers = Numbers(7);
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
                        // Nobody answers any more when the test is over.
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

async fn make_call(client: Client, value: u32, mut numbers: Numbers, ends: Arc<Mutex<Ends>>) {
    let timeout = Duration::from_millis(20 + numbers.below(80));
    let call = client.with_timeout(timeout).call(Echo { value });
    let patience = match numbers.below(5) {
        0 => Duration::from_millis(numbers.below(60)),
        _ => Duration::from_secs(10),
    };
    let result = tokio::time::timeout(patience, call).await;
    let mut ends = ends.lock().unwrap();
    match result {
        Ok(Ok(reply)) => {
            assert_eq!(reply.value, value, "the answer of another call");
            ends.answered += 1;
        }
        Ok(Err(error)) => {
            assert!(error.kind() == ErrorKind::Timeout, "{error}");
            ends.timed_out += 1;
        }
        Err(_) => ends.dropped += 1,
    }
}

#[tokio::test(start_paused = true)]
async fn no_answer_is_ever_given_to_another_call() {
    const CALLS: u32 = 100_000;
    const AT_ONCE: usize = 200;
    let (client, peer) = start(Builder::new()).await;
    tokio::spawn(answer_at_random(peer));
    let ends = Arc::new(Mutex::new(Ends::default()));
    let mut waiting = tokio::task::JoinSet::new();
    for value in 0..CALLS {
        let call = make_call(
            client.clone(),
            value,
            Numbers(value.into()),
            Arc::clone(&ends),
        );
        waiting.spawn(call);
        if waiting.len() == AT_ONCE {
            waiting.join_next().await.unwrap().unwrap();
        }
    }
    while let Some(call) = waiting.join_next().await {
        call.unwrap();
    }
    let ends = ends.lock().unwrap();
    let Ends {
        answered,
        timed_out,
        dropped,
    } = *ends;
    assert_eq!(answered + timed_out + dropped, CALLS);
    for count in [answered, timed_out, dropped] {
        assert!(count > CALLS / 20, "{ends:?}");
    }
    let counters = client.counters();
    assert_eq!(counters.stray_frames, 0);
    assert!(counters.late_replies > u64::from(CALLS / 20));
    assert_eq!(counters.in_flight, 0);
    assert_eq!(counters.memory, 0);
}
