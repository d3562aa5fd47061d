//! SIGINT (Ctrl-C) and SIGTERM.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::failure::{Failure, Status};

/// The signals that ask the program to exit.
#[derive(Debug, Clone)]
pub struct Shutdown {
    signals: watch::Receiver<Signals>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Signals {
    count: usize,
    first: Option<Status>,
}

impl Shutdown {
    /// Handles the signals from now on. They no longer end the process by themselves.
    ///
    /// # Errors
    /// The system refuses.
    pub fn listen() -> io::Result<Self> {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let (sender, signals) = watch::channel(Signals::default());
        tokio::spawn(async move {
            loop {
                let status = tokio::select! {
                    Some(()) = interrupt.recv() => Status::Interrupted,
                    Some(()) = terminate.recv() => Status::Terminated,
                    else => return,
                };
                sender.send_modify(|signals| {
                    signals.count += 1;
                    signals.first.get_or_insert(status);
                });
            }
        });
        Ok(Self { signals })
    }

    /// Fails if a signal was received.
    ///
    /// # Errors
    /// The error names the first signal.
    pub fn check(&self) -> Result<(), Failure> {
        let first = self.signals.borrow().first;
        first.map_or(Ok(()), |status| Err(failure(status)))
    }

    /// Resolves after the first signal.
    pub async fn requested(&self) -> Failure {
        let status = self.signal(1).await;
        failure(status)
    }

    /// Resolves after the second signal.
    pub async fn repeated(&self) {
        self.signal(2).await;
    }

    async fn signal(&self, number: usize) -> Status {
        let mut signals = self.signals.clone();
        let first = signals.wait_for(|it| it.count >= number).await;
        let first = first.ok().and_then(|it| it.first);
        match first {
            Some(status) => status,
            // The task that receives signals has ended, so no signal arrives.
            None => std::future::pending().await,
        }
    }
}

fn failure(status: Status) -> Failure {
    let name = if status == Status::Terminated {
        "SIGTERM"
    } else {
        "SIGINT"
    };
    Failure::new(status, format!("received {name}"))
}
