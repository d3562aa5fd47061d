use std::io;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread::JoinHandle;

use tokio::sync::Notify;

use crate::{Sim, SimBuilder};

/// A simulator in its own thread. Dropping it stops the simulator.
#[derive(Debug)]
pub struct SimThread {
    sim: Arc<Sim>,
    stop: Arc<Notify>,
    thread: Option<JoinHandle<()>>,
}

impl SimThread {
    pub(crate) fn start(builder: SimBuilder) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let stop = Arc::new(Notify::new());
        let stopped = stop.clone();
        let (started, result) = sync_channel(1);
        let serve = move || {
            runtime.block_on(async {
                // The receiver waits for this, so sending is infallible.
                match builder.start().await {
                    Ok(sim) => {
                        let _ = started.send(Ok(Arc::new(sim)));
                        stopped.notified().await;
                    }
                    Err(error) => drop(started.send(Err(error))),
                }
            });
        };
        let thread = std::thread::Builder::new().name("vpp-sim".to_owned());
        let thread = thread.spawn(serve)?;
        let sim = result.recv().map_err(io::Error::other)??;
        Ok(Self {
            sim,
            stop,
            thread: Some(thread),
        })
    }
}

impl Deref for SimThread {
    type Target = Sim;

    fn deref(&self) -> &Sim {
        &self.sim
    }
}

impl Drop for SimThread {
    fn drop(&mut self) {
        self.stop.notify_one();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has ended too.
            let _ = thread.join();
        }
    }
}
