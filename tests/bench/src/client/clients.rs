use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use vpp_bindings::client::{self, Client, blocking};
use vpp_bindings::interface::SwInterfaceDump;
use vpp_bindings::wire::bootstrap::ControlPing;

use super::Work;
use super::figure::Sample;
use super::latency::Latencies;

/// The async client and the blocking client.
#[derive(Debug)]
pub(super) struct Clients {
    pub(super) client: Client,
    blocking: blocking::Client,
}

impl Clients {
    /// Connects both clients.
    pub(super) async fn connect(socket: &Path) -> Result<Self, client::Error> {
        let builder = Client::builder().socket(socket).name("client-bench");
        let (client, connection) = builder.clone().connect().await?;
        tokio::spawn(connection);
        let blocking = builder.connect_blocking()?;
        Ok(Self { client, blocking })
    }

    /// Does `work` for `time`.
    pub(super) fn measure(
        &self,
        runtime: &tokio::runtime::Runtime,
        work: Work,
        time: Duration,
    ) -> Result<Sample, client::Error> {
        match work {
            Work::Sync => self.sync(time),
            Work::Pings(callers) => runtime.block_on(self.pings(callers, time)),
            Work::Dump => runtime.block_on(self.dumps(time)),
        }
    }

    fn sync(&self, time: Duration) -> Result<Sample, client::Error> {
        let mut latencies = Latencies::new();
        let mut done = 0;
        let start = Instant::now();
        let mut now = start;
        while now - start < time {
            self.blocking.call(ControlPing {})?;
            let then = Instant::now();
            latencies.record(then - now);
            now = then;
            done += 1;
        }
        Ok(Sample::new(done, now - start).with(latencies))
    }

    async fn pings(&self, callers: usize, time: Duration) -> Result<Sample, client::Error> {
        let start = Instant::now();
        let latencies = Arc::new(Mutex::new(Latencies::new()));
        let mut tasks = Vec::with_capacity(callers);
        for _ in 0..callers {
            let caller = caller(self.client.clone(), Arc::clone(&latencies), start, time);
            tasks.push(tokio::spawn(caller));
        }
        let mut done = 0;
        for task in tasks {
            // Tasks are never cancelled.
            let Ok(result) = task.await else { continue };
            done += result?;
        }
        let latencies = lock(&latencies).clone();
        Ok(Sample::new(done, start.elapsed()).with(latencies))
    }

    async fn dumps(&self, time: Duration) -> Result<Sample, client::Error> {
        let mut latencies = Latencies::new();
        let (mut done, mut calls) = (0, 0);
        let start = Instant::now();
        let mut now = start;
        while calls == 0 || now - start < time {
            let mut details = self.client.dump(SwInterfaceDump::default());
            while let Some(details) = details.next().await {
                std::hint::black_box(details?);
                done += 1;
            }
            let then = Instant::now();
            latencies.record(then - now);
            now = then;
            calls += 1;
        }
        Ok(Sample::new(done, now - start).with(latencies).calls(calls))
    }
}

/// One of several concurrent callers. All share one table: tables per caller would not fit the
/// cache, which would change the result.
async fn caller(
    client: Client,
    latencies: Arc<Mutex<Latencies>>,
    start: Instant,
    time: Duration,
) -> Result<u64, client::Error> {
    let mut done = 0;
    let mut now = Instant::now();
    while now - start < time {
        client.call(ControlPing {}).await?;
        let then = Instant::now();
        lock(&latencies).record(then - now);
        now = then;
        done += 1;
    }
    Ok(done)
}

/// Ignores poisoning: after a panic the counts are off by one at most.
fn lock(latencies: &Mutex<Latencies>) -> MutexGuard<'_, Latencies> {
    latencies.lock().unwrap_or_else(PoisonError::into_inner)
}
