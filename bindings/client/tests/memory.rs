//! The memory that a client keeps after a burst, measured with a counting allocator.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    dead_code,
    unused_imports,
    reason = "tests fail by panicking and use only some of the helpers"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::task::JoinHandle;
use vpp_client::connection::State;
use vpp_client::{Builder, Client};

use messages::{Echo, ItemDump};
use peer::{Peer, start};

#[path = "it/messages.rs"]
mod messages;
#[path = "it/peer.rs"]
mod peer;
#[path = "it/tables.rs"]
mod tables;

/// An allocator that counts the allocated bytes.
struct Counting;

static ALLOCATED: AtomicUsize = AtomicUsize::new(0);

#[allow(unsafe_code, reason = "only an allocator sees every allocation")]
// SAFETY: every method forwards its arguments to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATED.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller fulfils the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        ALLOCATED.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the memory comes from `alloc`, with this layout.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Runs `work` and fails if more than `limit` bytes stay allocated.
async fn assert_keeps(limit: usize, what: &str, work: impl AsyncFnOnce()) {
    let before = ALLOCATED.load(Ordering::SeqCst);
    work().await;
    let after = ALLOCATED.load(Ordering::SeqCst);
    let kept = after.saturating_sub(before);
    assert!(kept < limit, "{what}: {kept} bytes stay allocated");
}

/// A peer that answers in a task until [`end`](Self::end) returns it.
struct Answering {
    stop: tokio::sync::mpsc::Sender<()>,
    task: JoinHandle<Peer>,
}

impl Answering {
    fn new(mut peer: Peer) -> Self {
        let (stop, mut stopped) = tokio::sync::mpsc::channel(1);
        let task = tokio::spawn(async move {
            loop {
                let message = peer.next().await.expect("the client is connected");
                peer.answer(&message).await;
                if stopped.try_recv().is_ok() {
                    return peer;
                }
            }
        });
        Self { stop, task }
    }

    /// Stops the task with one more call, after all other messages are answered.
    async fn end(self, client: &Client) -> Peer {
        self.stop.send(()).await.unwrap();
        client.call(Echo { value: 0 }).await.unwrap();
        self.task.await.unwrap()
    }
}

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

/// The maximum size of one batch of requests, so that it fits into the sockets.
const BATCH: u32 = 500;

#[tokio::test]
async fn memory_of_finished_work_is_freed() {
    let (client, peer) = start(Builder::new()).await;
    let answering = Answering::new(peer);
    // Lets the buffers grow to their usual size.
    for value in 0..2 * BATCH {
        client.call(Echo { value }).await.unwrap();
    }
    assert_keeps(200 * KIB, "waiting for a state during a call", async || {
        let mut state = client.state();
        for value in 0..100_000 {
            tokio::select! {
                _ = state.wait_for(State::Closed) => panic!("the connection was closed"),
                reply = client.call(Echo { value }) => assert_eq!(reply.unwrap().value, value),
            }
        }
        drop(state);
        for value in 0..1000 {
            let mut state = client.state();
            tokio::select! {
                _ = state.wait_for(State::Closed) => panic!("the connection was closed"),
                reply = client.call(Echo { value }) => assert_eq!(reply.unwrap().value, value),
            }
        }
    })
    .await;
    assert_keeps(2 * MIB, "dumps", async || {
        for _ in 0..5_000 {
            let items = client.dump(ItemDump { count: 40 }).all().await.unwrap();
            assert_eq!(items.len(), 40);
        }
    })
    .await;
    assert_keeps(2 * MIB, "dropped calls", async || {
        for value in 0..100_000 {
            drop(client.call(Echo { value }));
            if value % BATCH == 0 {
                client.call(Echo { value }).await.unwrap();
            }
        }
        client.call(Echo { value: 0 }).await.unwrap();
    })
    .await;
    let mut peer = answering.end(&client).await;
    assert_keeps(2 * MIB, "a burst", async || burst(&client, &mut peer).await).await;
    assert_eq!(client.counters().in_flight, 0);
    assert_eq!(client.counters().memory, 0);
}

/// 200,000 calls, all in flight before the first is answered.
async fn burst(client: &Client, peer: &mut Peer) {
    const CALLS: u32 = 200_000;
    let long = client.with_timeout(std::time::Duration::from_secs(600));
    let calls: Vec<_> = (0..CALLS).map(|value| long.call(Echo { value })).collect();
    assert_eq!(client.counters().in_flight, u64::from(CALLS));
    for _ in 0..CALLS {
        assert!(peer.answer_next().await);
    }
    for (value, call) in (0..).zip(calls) {
        assert_eq!(call.await.unwrap().value, value);
    }
}
