//! The connection: the future that owns the socket.

mod buffers;
mod dial;
mod handshake;
mod health;
mod reconnect;
mod socket;
mod timer;

use std::fmt;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep};
use vpp_wire::FixedString;

use crate::shared::Shared;
use crate::{Error, State};

#[cfg(feature = "blocking")]
pub(crate) use buffers::{Input, Output};
use dial::Session;
pub(crate) use handshake::Io;
#[cfg(feature = "blocking")]
pub(crate) use handshake::{Welcome, broken, payload_length, request, welcome};
#[cfg(feature = "blocking")]
pub(crate) use health::Health;
pub use health::HealthCheck;
pub use reconnect::ReconnectPolicy;
#[cfg(feature = "blocking")]
pub(crate) use socket::FAREWELL;
use socket::Socket;
use timer::Timer;

/// The future that owns the socket: nothing is sent or received unless it is polled, so pass it
/// to `tokio::spawn`.
///
/// It returns `Ok` once every client, call and subscription is gone, or after
/// [`Client::disconnect`](crate::Client::disconnect); it has then unregistered from VPP
/// (`sockclnt_delete`). It returns an error when the connection is lost and no policy
/// re-establishes it.
///
/// # Cancel safety
/// Dropping it, as the end of its runtime does, unregisters from VPP and fails everything that
/// waits for VPP.
#[must_use = "a connection does nothing unless it is polled: spawn it"]
pub struct Connection {
    shared: Arc<Shared>,
    setup: Setup,
    phase: Phase,
    /// How many attempts in a row have failed.
    failed: u32,
    /// For the deadlines of calls while there is no socket.
    timer: Timer,
}

/// How a connection is made.
pub(crate) struct Setup {
    pub(crate) path: PathBuf,
    pub(crate) name: FixedString<64>,
    pub(crate) timeout: Duration,
    pub(crate) reconnect: Option<ReconnectPolicy>,
    pub(crate) health: Option<HealthCheck>,
}

type Connecting = Pin<Box<dyn Future<Output = Result<Session, Error>> + Send>>;

enum Phase {
    Start,
    Connecting(Connecting),
    Open(Box<Socket>),
    Waiting(Pin<Box<Sleep>>),
    Done,
}

impl Connection {
    /// A connection that is made when it is first polled.
    pub(crate) fn new(shared: Arc<Shared>, setup: Setup) -> Self {
        Self {
            shared,
            setup,
            phase: Phase::Start,
            failed: 0,
            timer: Timer::default(),
        }
    }

    /// A connection over a stream that is open already.
    pub(crate) fn over(shared: Arc<Shared>, setup: Setup, io: Box<dyn Io>) -> Self {
        let deadline = crate::shared::deadline(Instant::now(), setup.timeout);
        let session = dial::register(io, setup.name, setup.timeout, deadline);
        Self {
            shared,
            setup,
            phase: Phase::Connecting(Box::pin(session)),
            failed: 0,
            timer: Timer::default(),
        }
    }

    /// Runs the connection until it is established.
    pub(crate) async fn established(&mut self) -> Result<(), Error> {
        std::future::poll_fn(|cx| match self.poll_phases(cx) {
            Poll::Ready(Ok(())) => Poll::Ready(Err(Error::closed("the client disconnected"))),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending if matches!(self.phase, Phase::Open(_)) => Poll::Ready(Ok(())),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    fn dial(&self) -> Connecting {
        let Setup {
            path,
            name,
            timeout,
            ..
        } = &self.setup;
        Box::pin(dial::dial(path.clone(), *name, *timeout))
    }

    fn poll_phases(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        loop {
            if !matches!(self.phase, Phase::Open(_) | Phase::Done)
                && self.poll_unconnected(cx).is_ready()
            {
                return self.finish(Ok(()));
            }
            match &mut self.phase {
                Phase::Start => {
                    self.shared
                        .with(|inner| inner.set_state(State::Reconnecting));
                    self.phase = Phase::Connecting(self.dial());
                }
                Phase::Connecting(session) => match session.as_mut().poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Ok(session)) => self.open(session),
                    Poll::Ready(Err(error)) => {
                        self.failed += 1;
                        if let Some(end) = self.lost(error) {
                            return end;
                        }
                    }
                },
                Phase::Waiting(sleep) => match sleep.as_mut().poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(()) => self.phase = Phase::Start,
                },
                Phase::Open(socket) => match socket.poll(cx, &self.shared) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Ok(())) => return self.finish(Ok(())),
                    Poll::Ready(Err(error)) => {
                        if let Some(end) = self.lost(error) {
                            return end;
                        }
                    }
                },
                Phase::Done => return Poll::Ready(Ok(())),
            }
        }
    }

    /// Observes the deadlines of calls that wait for the connection; ready when the client
    /// disconnects meanwhile.
    fn poll_unconnected(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let armed = self.shared.with(|inner| {
                if inner.wants_to_leave() {
                    return Err(());
                }
                Ok(inner.sleep(cx.waker(), false))
            });
            let Ok(armed) = armed else {
                return Poll::Ready(());
            };
            let Some(deadline) = armed else {
                return Poll::Pending;
            };
            if self.timer.poll(deadline, cx).is_pending() {
                return Poll::Pending;
            }
            self.shared.with(|inner| inner.expire(Instant::now()));
        }
    }

    fn open(&mut self, session: Session) {
        let Session { io, welcome } = session;
        let (client_index, messages) = (welcome.client_index, welcome.table.len());
        tracing::debug!(client_index, messages, "connected to VPP");
        self.failed = 0;
        self.timer = Timer::default();
        self.phase = Phase::Open(Box::new(Socket::new(io, self.setup.health)));
        self.shared
            .with(|inner| inner.connected(client_index, welcome.table));
    }

    /// Waits for the next attempt, or ends where there is none.
    fn lost(&mut self, error: Error) -> Option<Poll<Result<(), Error>>> {
        tracing::debug!(%error, failed_attempts = self.failed, "not connected to VPP");
        let policy = self.setup.reconnect.as_ref();
        let delay = policy.and_then(|policy| policy.delay(self.failed));
        let Some(delay) = delay.filter(|_| self.shared.process.is_current()) else {
            return Some(self.finish(Err(error)));
        };
        self.phase = Phase::Waiting(Box::pin(tokio::time::sleep(delay)));
        self.shared
            .with(|inner| inner.disconnected(error, State::Disconnected));
        None
    }

    fn finish(&mut self, result: Result<(), Error>) -> Poll<Result<(), Error>> {
        let cause = match &result {
            Ok(()) => Error::closed("the client disconnected"),
            Err(error) => error.clone(),
        };
        self.close(cause);
        Poll::Ready(result)
    }

    fn close(&mut self, cause: Error) {
        self.phase = Phase::Done;
        self.shared
            .with(|inner| inner.disconnected(cause, State::Closed));
    }
}

impl Future for Connection {
    type Output = Result<(), Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_phases(cx)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if !self.shared.process.is_current() {
            // The epoll set belongs to the parent, too: a socket that is closed properly would
            // be removed from it.
            std::mem::forget(std::mem::replace(&mut self.phase, Phase::Done));
            return;
        }
        if let Phase::Open(socket) = &mut self.phase {
            socket.unregister(&self.shared);
        }
        if !matches!(self.phase, Phase::Done) {
            self.close(Error::closed("the connection was dropped"));
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("path", &self.setup.path)
            .finish_non_exhaustive()
    }
}
