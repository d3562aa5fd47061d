use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::io::ReadBuf;
use tokio::time::Instant;

use super::buffers::{Input, Output};
use super::handshake::Io;
use super::health::Health;
use super::timer::Timer;
use crate::shared::Shared;
use crate::{Error, HealthCheck};

/// How long VPP may take to answer `sockclnt_delete`.
pub(crate) const FAREWELL: Duration = Duration::from_millis(250);

/// The open socket.
pub(super) struct Socket {
    io: Box<dyn Io>,
    input: Input,
    output: Output,
    woken: Vec<Waker>,
    timer: Timer,
    health: Option<Health>,
    leave_by: Option<Instant>,
    /// Whether other tasks had their turn since this one was woken.
    yielded: bool,
}

impl Socket {
    pub(super) fn new(io: Box<dyn Io>, health: Option<HealthCheck>) -> Self {
        Self {
            io,
            input: Input::new(),
            output: Output::default(),
            woken: Vec::new(),
            timer: Timer::default(),
            health: health.map(|check| Health::new(check, Instant::now())),
            leave_by: None,
            yielded: false,
        }
    }

    /// Moves bytes until there are none, or until the connection has ended.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        shared: &Shared,
    ) -> Poll<Result<(), Error>> {
        if !shared.process.is_current() {
            return Poll::Ready(Err(Error::forked("the connection")));
        }
        // The first of many calls may have woken this task: let the others be queued, and
        // write them all at once.
        self.yielded = !self.yielded && shared.read(|inner| inner.expects_more());
        if self.yielded {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        loop {
            let blocked = match self.poll_write(cx, shared) {
                Poll::Ready(Ok(())) => false,
                Poll::Ready(Err(error)) => return self.gone(Error::io("write failed", error)),
                Poll::Pending => true,
            };
            match self.poll_read(cx) {
                Poll::Ready(Ok(0)) => {
                    return self.gone(Error::closed("VPP closed the connection"));
                }
                Poll::Ready(Ok(_)) => {
                    self.deliver(shared)?;
                    continue;
                }
                Poll::Ready(Err(error)) => return self.gone(Error::io("read failed", error)),
                Poll::Pending => {}
            }
            match self.poll_idle(cx, shared, blocked) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(result) => result?,
            }
            if self.has_left(shared) {
                return Poll::Ready(Ok(()));
            }
        }
    }

    /// Unregisters from VPP as far as the socket takes it at once; the connection will not be
    /// polled again. VPP 26.06 may overlook that a socket is merely closed (after a large
    /// answer, `vl_socket_read_ready` in `vlibmemory/socket_api.c` reads a stale `errno`). It
    /// then keeps the client, and after sixteen such clients it stops serving.
    pub(super) fn unregister(&mut self, shared: &Shared) {
        // The socket of a forked child is that of its parent.
        if self.leave_by.is_some() || !shared.process.is_current() {
            return;
        }
        // What was not sent is not to be carried out either.
        shared.with_awake(&mut self.woken, |inner| inner.unregister_now());
        // A task may have used up its budget, which is not a reason to leave VPP a dead client.
        let write = pin!(tokio::task::unconstrained(poll_fn(|cx| {
            self.poll_write(cx, shared)
        })));
        // If the socket takes nothing now, VPP is not reading.
        let _ = write.poll(&mut Context::from_waker(Waker::noop()));
    }

    /// The end of the stream: an error, unless the client has unregistered.
    fn gone(&self, error: Error) -> Poll<Result<(), Error>> {
        Poll::Ready(if self.leave_by.is_some() {
            Ok(())
        } else {
            Err(error)
        })
    }

    fn has_left(&self, shared: &Shared) -> bool {
        self.leave_by
            .is_some_and(|at| at <= Instant::now() || shared.read(|inner| inner.is_unregistered()))
    }

    /// Writes everything that is queued, as much as the socket takes at once.
    fn poll_write(&mut self, cx: &mut Context<'_>, shared: &Shared) -> Poll<io::Result<()>> {
        loop {
            if self.output.rest().is_empty() {
                let output = &mut self.output;
                shared.with_awake(&mut self.woken, |inner| output.refill(inner));
                self.wake();
                if self.output.rest().is_empty() {
                    return Poll::Ready(Ok(()));
                }
            }
            match Pin::new(&mut *self.io).poll_write(cx, self.output.rest()) {
                Poll::Ready(Ok(0)) => {
                    return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
                }
                Poll::Ready(Ok(count)) => self.output.advance(count),
                Poll::Ready(Err(error)) => {
                    self.report_written(shared);
                    return Poll::Ready(Err(error));
                }
                Poll::Pending => {
                    self.report_written(shared);
                    return Poll::Pending;
                }
            }
        }
    }

    #[cold]
    fn report_written(&mut self, shared: &Shared) {
        let output = &mut self.output;
        shared.with_awake(&mut self.woken, |inner| output.refill(inner));
        self.wake();
    }

    /// Reads as much as there is room for.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut room = ReadBuf::new(self.input.room());
        match Pin::new(&mut *self.io).poll_read(cx, &mut room) {
            Poll::Ready(Ok(())) => {
                let count = room.filled().len();
                self.input.filled(count);
                Poll::Ready(Ok(count))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => Poll::Pending,
        }
    }

    /// Dispatches all whole frames, then wakes whoever waits for them.
    fn deliver(&mut self, shared: &Shared) -> Result<(), Error> {
        let input = &mut self.input;
        let result = shared.with_awake(&mut self.woken, |inner| input.deliver(inner));
        self.wake();
        result
    }

    fn wake(&mut self) {
        for waker in self.woken.drain(..) {
            waker.wake();
        }
    }

    /// Handles deadlines, health checks and the end; pending when there is nothing left to do.
    fn poll_idle(
        &mut self,
        cx: &mut Context<'_>,
        shared: &Shared,
        blocked: bool,
    ) -> Poll<Result<(), Error>> {
        loop {
            let leave_by = &mut self.leave_by;
            let sleeping = shared.with_awake(&mut self.woken, |inner| {
                if leave_by.is_none() && inner.wants_to_leave() {
                    inner.unregister();
                    *leave_by = Some(Instant::now() + FAREWELL);
                }
                if inner.is_unregistered() || (!blocked && !inner.outgoing.is_empty()) {
                    return None;
                }
                Some(inner.sleep(cx.waker(), !blocked))
            });
            self.wake();
            let Some(armed) = sleeping else {
                return Poll::Ready(Ok(()));
            };
            let health = self.health.as_ref().map(|health| health.next);
            let deadline = [armed, self.leave_by, health].into_iter().flatten().min();
            let Some(deadline) = deadline else {
                return Poll::Pending;
            };
            if self.timer.poll(deadline, cx).is_pending() {
                return Poll::Pending;
            }
            self.expire(shared)?;
            if self.leave_by.is_some_and(|at| at <= Instant::now()) {
                return Poll::Ready(Ok(()));
            }
        }
    }

    fn expire(&mut self, shared: &Shared) -> Result<(), Error> {
        let health = self.health.as_mut();
        let result = shared.with_awake(&mut self.woken, |inner| inner.observe_time(health));
        self.wake();
        result
    }
}
