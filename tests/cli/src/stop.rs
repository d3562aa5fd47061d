//! Ctrl-C and SIGTERM.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::failure::Failure;
use crate::status::Status;

/// Tells when the program is to end.
#[derive(Debug, Clone)]
pub struct Stop {
    signals: watch::Receiver<Signals>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Signals {
    count: usize,
    first: Option<Status>,
}

impl Stop {
    /// Listens for signals from now on; they no longer end the process by themselves.
    ///
    /// # Errors
    /// When the system does not let us.
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

    /// An error as soon as the program was told to end.
    ///
    /// # Errors
    /// Which signal it was.
    pub fn check(&self) -> Result<(), Failure> {
        let first = self.signals.borrow().first;
        first.map_or(Ok(()), |status| Err(failure(status)))
    }

    /// Resolves when the program is told to end.
    pub async fn told(&self) -> Failure {
        let status = self.signal(1).await;
        failure(status)
    }

    /// Resolves when it is told so after it was told before.
    pub async fn told_again(&self) {
        self.signal(2).await;
    }

    async fn signal(&self, number: usize) -> Status {
        let mut signals = self.signals.clone();
        let first = signals.wait_for(|it| it.count >= number).await;
        let first = first.ok().and_then(|it| it.first);
        match first {
            Some(status) => status,
            // Nobody listens any more; then no signal comes either.
            None => std::future::pending().await,
        }
    }
}

fn failure(status: Status) -> Failure {
    let name = if status == Status::Terminated {
        "SIGTERM"
    } else {
        "Ctrl-C"
    };
    Failure::new(status, format!("told to end by {name}"))
}
