use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::io::ReadBuf;
use tokio::time::Instant;

use super::buffers::{Input, Output};
use super::handshake::Io;
use super::health::{Health, HealthCheck, check_deadlines};
use super::timer::Timer;
use crate::error::Error;
use crate::shared::Shared;

/// How long VPP may take to answer `sockclnt_delete`.
pub(crate) const UNREGISTER_TIMEOUT: Duration = Duration::from_millis(250);

/// An open connection: its stream, buffers and timers.
pub(super) struct Socket {
    io: Box<dyn Io>,
    input: Input,
    output: Output,
    woken: Vec<Waker>,
    timer: Timer,
    health: Option<Health>,
    close_deadline: Option<Instant>,
    /// Whether other tasks have run since this one was woken.
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
            close_deadline: None,
            yielded: false,
        }
    }

    /// Reads and writes until both are blocked, or until the connection is closed.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        shared: &Shared,
    ) -> Poll<Result<(), Error>> {
        if !shared.process.is_current() {
            return Poll::Ready(Err(Error::forked("the connection")));
        }
        // The first of many calls may have woken this task. Yield once, so that the other calls
        // are queued and written together.
        self.yielded = !self.yielded && shared.read(|inner| inner.expects_more());
        if self.yielded {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        loop {
            let blocked = match self.poll_write(cx, shared) {
                Poll::Ready(Ok(())) => false,
                Poll::Ready(Err(error)) => {
                    return self.stream_ended(Error::io("write failed", error));
                }
                Poll::Pending => true,
            };
            match self.poll_read(cx) {
                Poll::Ready(Ok(0)) => {
                    return self.stream_ended(Error::closed("VPP closed the connection"));
                }
                Poll::Ready(Ok(_)) => {
                    self.deliver(shared)?;
                    continue;
                }
                Poll::Ready(Err(error)) => {
                    return self.stream_ended(Error::io("read failed", error));
                }
                Poll::Pending => {}
            }
            match self.poll_idle(cx, shared, blocked) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(result) => result?,
            }
            if self.has_unregistered(shared) {
                return Poll::Ready(Ok(()));
            }
        }
    }

    /// Writes the request to unregister if the socket takes it at once. The connection is not
    /// polled again.
    ///
    /// Closing the socket is not enough: VPP 26.06 may not detect it after a large answer,
    /// because `vl_socket_read_ready` in `vlibmemory/socket_api.c` reads a stale `errno`. VPP
    /// then keeps the client, and after sixteen such clients it stops serving clients.
    pub(super) fn unregister(&mut self, shared: &Shared) {
        // A forked child shares the socket with its parent.
        if self.close_deadline.is_some() || !shared.process.is_current() {
            return;
        }
        // Requests that were not sent are dropped, so that VPP does not carry them out.
        shared.with_awake(&mut self.woken, |inner| inner.unregister_now());
        // The write must happen even if the task has used up its tokio budget.
        let write = pin!(tokio::task::unconstrained(poll_fn(|cx| {
            self.poll_write(cx, shared)
        })));
        // If the socket is full, VPP is not reading and the request is lost.
        let _ = write.poll(&mut Context::from_waker(Waker::noop()));
    }

    /// The result at the end of the stream: an error, unless the client is unregistering.
    fn stream_ended(&self, error: Error) -> Poll<Result<(), Error>> {
        Poll::Ready(if self.close_deadline.is_some() {
            Ok(())
        } else {
            Err(error)
        })
    }

    fn has_unregistered(&self, shared: &Shared) -> bool {
        self.close_deadline
            .is_some_and(|at| at <= Instant::now() || shared.read(|inner| inner.is_unregistered()))
    }

    /// Writes queued bytes until the socket takes no more.
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

    /// Reads into the free part of the buffer.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut room = ReadBuf::new(self.input.room());
        match Pin::new(&mut *self.io).poll_read(cx, &mut room) {
            Poll::Ready(Ok(())) => {
                let count = room.filled().len();
                self.input.note_read(count);
                Poll::Ready(Ok(count))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => Poll::Pending,
        }
    }

    /// Dispatches all whole frames, then wakes the tasks that wait for them.
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

    /// Handles deadlines, health checks and closing. Pending when there is nothing left to do.
    fn poll_idle(
        &mut self,
        cx: &mut Context<'_>,
        shared: &Shared,
        blocked: bool,
    ) -> Poll<Result<(), Error>> {
        loop {
            let close_deadline = &mut self.close_deadline;
            let sleeping = shared.with_awake(&mut self.woken, |inner| {
                if close_deadline.is_none() && inner.should_close() {
                    inner.unregister();
                    *close_deadline = Some(Instant::now() + UNREGISTER_TIMEOUT);
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
            let deadline = [armed, self.close_deadline, health]
                .into_iter()
                .flatten()
                .min();
            let Some(deadline) = deadline else {
                return Poll::Pending;
            };
            if self.timer.poll(deadline, cx).is_pending() {
                return Poll::Pending;
            }
            self.expire(shared)?;
            if self.close_deadline.is_some_and(|at| at <= Instant::now()) {
                return Poll::Ready(Ok(()));
            }
        }
    }

    fn expire(&mut self, shared: &Shared) -> Result<(), Error> {
        let health = self.health.as_mut();
        let result = shared.with_awake(&mut self.woken, |inner| check_deadlines(inner, health));
        self.wake();
        result
    }
}
