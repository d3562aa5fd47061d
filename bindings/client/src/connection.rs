use std::fmt;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::net::UnixStream;
use tokio::time::Sleep;
use vpp_wire::FixedString;

use crate::handshake::{Io, Session, handshake};
use crate::shared::Shared;
use crate::socket::Socket;
use crate::{Error, ReconnectPolicy, State};

/// The future that owns the socket: nothing is sent, received or timed out unless it is
/// polled, so hand it to `tokio::spawn`.
///
/// It ends well once every client, call and subscription is gone, or after
/// [`Client::disconnect`](crate::Client::disconnect); it then has taken leave of VPP. It
/// ends with an error when the connection is lost and there is no policy to make another.
/// Dropping it, as the end of its runtime does, takes leave too and fails everything that waits
/// for VPP.
#[must_use = "a connection does nothing unless it is polled: spawn it"]
pub struct Connection {
    shared: Arc<Shared>,
    setup: Setup,
    phase: Phase,
    failed: u32,
}

/// How a connection is made.
pub(crate) struct Setup {
    pub(crate) path: PathBuf,
    pub(crate) name: FixedString<64>,
    pub(crate) timeout: Duration,
    pub(crate) reconnect: Option<ReconnectPolicy>,
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
        }
    }

    /// A connection over a stream that is open already.
    pub(crate) fn over(shared: Arc<Shared>, setup: Setup, io: Box<dyn Io>) -> Self {
        let session = handshake(io, setup.name, setup.timeout);
        Self {
            shared,
            setup,
            phase: Phase::Connecting(Box::pin(session)),
            failed: 0,
        }
    }

    /// Runs the connection until it stands.
    pub(crate) async fn stand(&mut self) -> Result<(), Error> {
        std::future::poll_fn(|cx| match self.poll_phases(cx) {
            Poll::Ready(Ok(())) => Poll::Ready(Err(Error::closed("disconnected"))),
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
        let (path, name, timeout) = (path.clone(), *name, *timeout);
        Box::pin(async move {
            let io = match UnixStream::connect(&path).await {
                Ok(io) => io,
                Err(error) => return Err(Error::connect(path, error)),
            };
            handshake(Box::new(io), name, timeout).await
        })
    }

    fn poll_phases(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        loop {
            if !matches!(self.phase, Phase::Open(_) | Phase::Done) {
                let mut inner = self.shared.lock();
                if inner.wants_to_leave() {
                    drop(inner);
                    return self.finish(Ok(()));
                }
                inner.sleep(cx.waker(), false);
            }
            match &mut self.phase {
                Phase::Start => {
                    self.set_state(State::Reconnecting);
                    self.phase = Phase::Connecting(self.dial());
                }
                Phase::Connecting(session) => match session.as_mut().poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Ok(session)) => self.open(session),
                    Poll::Ready(Err(error)) => {
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

    fn open(&mut self, session: Session) {
        let Session {
            io,
            client_index,
            table,
        } = session;
        tracing::debug!(client_index, messages = table.len(), "connected to VPP");
        self.failed = 0;
        self.phase = Phase::Open(Box::new(Socket::new(io)));
        let mut inner = self.shared.lock();
        inner.connected(client_index, table, &self.shared.limits);
        drop(inner);
        self.set_state(State::Connected);
    }

    /// Waits for the next attempt, or ends where there is none.
    fn lost(&mut self, error: Error) -> Option<Poll<Result<(), Error>>> {
        tracing::debug!(error = %error, "no connection to VPP");
        self.failed += 1;
        let policy = self.setup.reconnect.as_ref();
        let Some(delay) = policy.and_then(|policy| policy.delay(self.failed)) else {
            return Some(self.finish(Err(error)));
        };
        let wakers = self
            .shared
            .lock()
            .disconnected(Some(error), State::Disconnected);
        wake(wakers);
        self.phase = Phase::Waiting(Box::pin(tokio::time::sleep(delay)));
        None
    }

    fn finish(&mut self, result: Result<(), Error>) -> Poll<Result<(), Error>> {
        let cause = match &result {
            Ok(()) => Error::closed("the client disconnected"),
            Err(error) => error.share(),
        };
        self.close(cause);
        Poll::Ready(result)
    }

    fn close(&mut self, cause: Error) {
        self.phase = Phase::Done;
        let wakers = self.shared.lock().disconnected(Some(cause), State::Closed);
        wake(wakers);
    }

    fn set_state(&self, state: State) {
        let mut wakers = Vec::new();
        self.shared.lock().state.set(state, &mut wakers);
        wake(wakers);
    }
}

fn wake(wakers: Vec<Waker>) {
    for waker in wakers {
        waker.wake();
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
        if let Phase::Open(socket) = &mut self.phase {
            socket.part(&self.shared);
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
