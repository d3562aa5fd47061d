//! The connection: the future that owns the socket, its options and its state.

mod buffers;
mod dial;
mod handshake;
mod health;
mod reconnect;
mod setup;
mod socket;
mod state_watch;
mod timer;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::time::{Instant, Sleep};

use crate::error::Error;
use crate::shared::Shared;

pub use crate::shared::{Counters, State};
#[cfg(feature = "blocking")]
pub(crate) use buffers::{Input, Output};
use dial::RegisteredStream;
pub(crate) use handshake::Io;
#[cfg(feature = "blocking")]
pub(crate) use handshake::{
    Handshake, broken_stream, decode_reply, encode_request, payload_length,
};
pub use health::HealthCheck;
#[cfg(feature = "blocking")]
pub(crate) use health::{Health, check_deadlines};
pub use reconnect::ReconnectPolicy;
pub use setup::{DEFAULT_SOCKET, socket_path};
pub(crate) use setup::{Setup, program_name};
use socket::Socket;
#[cfg(feature = "blocking")]
pub(crate) use socket::UNREGISTER_TIMEOUT;
pub use state_watch::StateWatch;
use timer::Timer;

/// The future that owns the socket. It sends and receives only while it is polled, so pass it
/// to `tokio::spawn`.
///
/// It returns `Ok` after every client, call and subscription is dropped, or after
/// [`Client::disconnect`](crate::Client::disconnect). It unregisters from VPP first
/// (`sockclnt_delete`). It returns an error if the connection is lost and there is no reconnect
/// policy or it has no attempts left.
///
/// # Cancel safety
/// Dropping it, for example with its runtime, unregisters from VPP and fails all pending calls
/// and subscriptions.
#[must_use = "a connection does nothing unless it is polled: spawn it"]
pub struct Connection {
    shared: Arc<Shared>,
    setup: Setup,
    phase: Phase,
    /// How many attempts in a row have failed.
    failed: u32,
    /// For the deadlines of calls while there is no connection.
    timer: Timer,
}

type Connecting = Pin<Box<dyn Future<Output = Result<RegisteredStream, Error>> + Send>>;

enum Phase {
    Start,
    Connecting(Connecting),
    Open(Box<Socket>),
    Waiting(Pin<Box<Sleep>>),
    Done,
}

impl Connection {
    /// A connection that is established when it is polled.
    pub(crate) fn new(shared: Arc<Shared>, setup: Setup) -> Self {
        Self {
            shared,
            setup,
            phase: Phase::Start,
            failed: 0,
            timer: Timer::default(),
        }
    }

    /// A connection over an open stream.
    pub(crate) fn over(shared: Arc<Shared>, setup: Setup, io: Box<dyn Io>) -> Self {
        let deadline = crate::shared::deadline(Instant::now(), setup.timeout);
        let stream = dial::register(io, setup.name, setup.timeout, deadline);
        Self {
            shared,
            setup,
            phase: Phase::Connecting(Box::pin(stream)),
            failed: 0,
            timer: Timer::default(),
        }
    }

    /// Polls the connection until it is established.
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
                Phase::Connecting(stream) => match stream.as_mut().poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Ok(stream)) => self.open(stream),
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

    /// Checks the deadlines of calls that wait for the connection. Ready if the client
    /// disconnects.
    fn poll_unconnected(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let armed = self.shared.with(|inner| {
                if inner.should_close() {
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

    fn open(&mut self, stream: RegisteredStream) {
        let RegisteredStream { io, handshake } = stream;
        let (client_index, messages) = (handshake.client_index, handshake.table.len());
        tracing::debug!(client_index, messages, "connected to VPP");
        self.failed = 0;
        self.timer = Timer::default();
        self.phase = Phase::Open(Box::new(Socket::new(io, self.setup.health)));
        self.shared
            .with(|inner| inner.connected(client_index, handshake.table));
    }

    /// Waits for the next attempt, or finishes if the policy has no attempts left.
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
            // Leaks the socket. Closing it properly would remove it from the epoll set, which
            // the child shares with its parent.
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
