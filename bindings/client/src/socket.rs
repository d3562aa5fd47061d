use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::io::ReadBuf;
use tokio::time::{Instant, Sleep};

use crate::Error;
use crate::handshake::Io;
use crate::shared::{Inner, Shared};

/// The least room for one read; VPP writes 4 KiB at a time, and they pile up.
const CHUNK: usize = 256 << 10;
/// The largest buffer that is kept when it is empty.
const KEEP: usize = 1 << 20;
/// How long VPP may take to answer the farewell.
const FAREWELL: Duration = Duration::from_millis(250);

/// The open socket and the bytes on their way in and out.
pub(crate) struct Socket {
    io: Box<dyn Io>,
    input: Vec<u8>,
    start: usize,
    end: usize,
    output: Vec<u8>,
    written: usize,
    wakers: Vec<Waker>,
    timer: Option<Pin<Box<Sleep>>>,
    leave_by: Option<Instant>,
    /// Whether other tasks had their turn since this one was woken.
    yielded: bool,
}

impl Socket {
    pub(crate) fn new(io: Box<dyn Io>) -> Self {
        Self {
            io,
            input: vec![0; CHUNK],
            start: 0,
            end: 0,
            output: Vec::new(),
            written: 0,
            wakers: Vec::new(),
            timer: None,
            leave_by: None,
            yielded: false,
        }
    }

    /// Moves bytes until there are none, or until the connection has ended.
    pub(crate) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        shared: &Shared,
    ) -> Poll<Result<(), Error>> {
        // Woken by the first of many calls, perhaps: let the others be queued, and write
        // them all at once.
        self.yielded = !self.yielded && shared.lock().expects_more();
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
                Poll::Ready(Ok(0)) => return self.gone(Error::closed("VPP closed the connection")),
                Poll::Ready(Ok(_)) => {
                    self.deliver(shared)?;
                    continue;
                }
                Poll::Ready(Err(error)) => return self.gone(Error::io("read failed", error)),
                Poll::Pending => {}
            }
            if self.poll_idle(cx, shared, blocked).is_ready() {
                if self.left(shared) {
                    return Poll::Ready(Ok(()));
                }
                continue;
            }
            return Poll::Pending;
        }
    }

    /// Takes leave as far as the socket takes it at once, of a connection that will not be
    /// polled again. VPP 26.06 may overlook that a socket is merely closed (after a large
    /// answer, `vl_socket_read_ready` in `vlibmemory/socket_api.c` goes by an old `errno`);
    /// it then keeps the client, and with sixteen such serves nobody any more.
    pub(crate) fn part(&mut self, shared: &Shared) {
        if self.leave_by.is_some() {
            return;
        }
        let mut inner = shared.lock();
        // What was not sent is not to be done either.
        inner.outgoing.clear();
        inner.take_leave();
        drop(inner);
        // A socket that takes no more just now has a VPP that does not read.
        let _ = self.poll_write(&mut Context::from_waker(Waker::noop()), shared);
    }

    /// The end of the stream: an error, unless the farewell was said.
    fn gone(&self, error: Error) -> Poll<Result<(), Error>> {
        Poll::Ready(if self.leave_by.is_some() {
            Ok(())
        } else {
            Err(error)
        })
    }

    fn left(&self, shared: &Shared) -> bool {
        self.leave_by
            .is_some_and(|at| at <= Instant::now() || shared.lock().farewell_answered)
    }

    /// Writes everything that is queued, as much as the socket takes at once.
    fn poll_write(&mut self, cx: &mut Context<'_>, shared: &Shared) -> Poll<io::Result<()>> {
        loop {
            if self.written == self.output.len() {
                self.written = 0;
                self.output.clear();
                if self.output.capacity() > KEEP {
                    self.output = Vec::new();
                }
                shared.lock().take_outgoing(&mut self.output);
                if self.output.is_empty() {
                    return Poll::Ready(Ok(()));
                }
            }
            let rest = self.output.get(self.written..).unwrap_or_default();
            match Pin::new(&mut *self.io).poll_write(cx, rest) {
                Poll::Ready(Ok(0)) => {
                    return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
                }
                Poll::Ready(Ok(count)) => self.written += count,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// Reads as much as there is room for.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.start == self.end {
            self.start = 0;
            self.end = 0;
            if self.input.len() > KEEP {
                self.input = vec![0; CHUNK];
            }
        } else if self.end == self.input.len() {
            if self.start > 0 {
                self.input.copy_within(self.start..self.end, 0);
                self.end -= self.start;
                self.start = 0;
            } else {
                // One frame fills the buffer. It grows with what arrives and not with
                // what a header announces.
                self.input.resize(self.input.len() * 2, 0);
            }
        }
        let mut room = ReadBuf::new(self.input.get_mut(self.end..).unwrap_or_default());
        match Pin::new(&mut *self.io).poll_read(cx, &mut room) {
            Poll::Ready(Ok(())) => {
                let count = room.filled().len();
                self.end += count;
                Poll::Ready(Ok(count))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => Poll::Pending,
        }
    }

    /// Hands all whole frames on, then wakes who waits for them.
    fn deliver(&mut self, shared: &Shared) -> Result<(), Error> {
        let bytes = self.input.get(self.start..self.end).unwrap_or_default();
        let (taken, result) = shared
            .lock()
            .deliver(bytes, shared.limits.frame, &mut self.wakers);
        self.start += taken;
        self.wake();
        result.map_err(Error::frame)
    }

    fn wake(&mut self) {
        for waker in self.wakers.drain(..) {
            waker.wake();
        }
    }

    /// Sees to deadlines and the farewell; pending when there is nothing left to do.
    fn poll_idle(&mut self, cx: &mut Context<'_>, shared: &Shared, blocked: bool) -> Poll<()> {
        loop {
            let mut inner = shared.lock();
            if self.leave_by.is_none() && inner.wants_to_leave() {
                inner.take_leave();
                self.leave_by = Some(Instant::now() + FAREWELL);
            }
            if inner.farewell_answered || (!blocked && !inner.outgoing.is_empty()) {
                return Poll::Ready(());
            }
            inner.sleep(cx.waker(), !blocked);
            let deadline = earliest(inner.next_deadline, self.leave_by);
            drop(inner);
            let Some(deadline) = deadline else {
                return Poll::Pending;
            };
            if self.poll_timer(deadline, cx).is_pending() {
                return Poll::Pending;
            }
            self.expire(&mut shared.lock());
            self.wake();
            if self.leave_by.is_some_and(|at| at <= Instant::now()) {
                return Poll::Ready(());
            }
        }
    }

    fn expire(&mut self, inner: &mut Inner) {
        inner.expire(Instant::now(), &mut self.wakers);
        inner.look_whether_to_leave();
    }

    fn poll_timer(&mut self, deadline: Instant, cx: &mut Context<'_>) -> Poll<()> {
        let timer = self
            .timer
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        if timer.deadline() != deadline {
            timer.as_mut().reset(deadline);
        }
        timer.as_mut().poll(cx)
    }
}

fn earliest(a: Option<Instant>, b: Option<Instant>) -> Option<Instant> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
