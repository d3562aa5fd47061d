//! The socket of a blocking client, shared by its threads.
//!
//! A thread writes its own requests. One thread at a time reads for all of them. When its own
//! answer has arrived, another waiting thread takes over.

use std::io;
use std::net::Shutdown;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::task::{Wake, Waker};
use std::thread::Thread;
use std::time::Duration;

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::io::Errno;
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{RecvFlags, SendFlags, recv, send};

use crate::connection::{Handshake, Input, Output};
use crate::error::Error;
use crate::shared::{Shared, State};
use crate::wakers::take_some;

/// The socket and its two halves.
pub(super) struct Driver {
    pub(super) shared: Arc<Shared>,
    reader: Mutex<Reader>,
    writer: Mutex<Writer>,
    /// Threads that wait while another thread reads.
    waiting: Mutex<Vec<Thread>>,
    waiting_count: AtomicUsize,
    /// Counts the waits of callers. While it grows, the callers read.
    pub(super) waits: AtomicU64,
    /// Counts the reads, so that a thread can detect that another thread has read.
    pub(super) reads: AtomicU64,
    /// Bytes that were written and not yet reported to the queue. The next read reports them,
    /// which saves a lock per request.
    written: AtomicUsize,
    /// An eventfd that wakes the worker.
    wake_fd: OwnedFd,
    /// Whether the worker waits until no other thread reads.
    pub(super) wants_to_read: AtomicBool,
    reconnects: bool,
}

/// The reading half. The thread that holds its lock reads.
pub(super) struct Reader {
    link: Option<Arc<UnixStream>>,
    input: Input,
    woken: Vec<Waker>,
    /// The current receive timeout of the socket.
    timeout: Duration,
}

/// The writing half.
struct Writer {
    link: Option<Arc<UnixStream>>,
    output: Output,
    woken: Vec<Waker>,
    /// Whether the socket did not take all bytes.
    is_blocked: bool,
}

impl Driver {
    pub(super) fn new(shared: Arc<Shared>, reconnects: bool) -> io::Result<Self> {
        Ok(Self {
            shared,
            reader: Mutex::new(Reader {
                link: None,
                input: Input::new(),
                woken: Vec::new(),
                timeout: Duration::ZERO,
            }),
            writer: Mutex::new(Writer {
                link: None,
                output: Output::default(),
                woken: Vec::new(),
                is_blocked: false,
            }),
            waiting: Mutex::default(),
            waiting_count: AtomicUsize::new(0),
            waits: AtomicU64::new(0),
            reads: AtomicU64::new(0),
            written: AtomicUsize::new(0),
            wake_fd: eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?,
            wants_to_read: AtomicBool::new(false),
            reconnects,
        })
    }

    /// Starts a connection.
    pub(super) fn open(&self, link: UnixStream, handshake: Handshake) {
        let link = Arc::new(link);
        let mut reader = lock(&self.reader);
        reader.link = Some(Arc::clone(&link));
        reader.input = Input::new();
        // The handshake may have set another timeout.
        reader.timeout = Duration::ZERO;
        let mut writer = lock(&self.writer);
        self.written.store(0, Ordering::Relaxed);
        *writer = Writer {
            link: Some(link),
            output: Output::default(),
            woken: Vec::new(),
            is_blocked: false,
        };
        drop((writer, reader));
        let Handshake {
            client_index,
            table,
        } = handshake;
        let messages = table.len();
        tracing::debug!(client_index, messages, "connected to VPP");
        self.shared
            .with(|inner| inner.connected(client_index, table));
    }

    pub(super) fn is_open(&self) -> bool {
        lock(&self.writer).link.is_some()
    }

    /// The reading half, unless another thread holds it.
    pub(super) fn try_read(&self) -> Option<MutexGuard<'_, Reader>> {
        match self.reader.try_lock() {
            Ok(reader) => Some(reader),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Reads what arrives within `timeout` and dispatches it. Without a timeout it does not wait.
    /// Returns false if there is no connection.
    pub(super) fn read(&self, reader: &mut Reader, timeout: Option<Duration>) -> bool {
        let Reader {
            link,
            input,
            woken,
            timeout: set,
        } = reader;
        let Some(link) = link else {
            return false;
        };
        let mut flags = RecvFlags::empty();
        match timeout {
            None => flags |= RecvFlags::DONTWAIT,
            Some(timeout) => set_timeout(set, link, timeout),
        }
        let received = recv(&**link, input.room(), flags);
        match received {
            Ok((0, _)) => self.lost(reader, Error::closed("VPP closed the connection")),
            Ok((count, _)) => {
                input.note_read(count);
                let written = self.written.swap(0, Ordering::Relaxed);
                let (result, is_queued) = self.shared.with_awake(woken, |inner| {
                    inner.note_written(written);
                    let result = input.deliver(inner);
                    (result, !inner.outgoing.is_empty())
                });
                for waker in woken.drain(..) {
                    waker.wake();
                }
                if is_queued {
                    self.flush();
                }
                if let Err(error) = result {
                    self.lost(reader, error);
                }
            }
            Err(Errno::AGAIN | Errno::INTR) => {}
            Err(error) => self.lost(reader, Error::io("read failed", error.into())),
        }
        // Only now: a thread that still sees the old count finds the dispatched answers.
        self.reads.fetch_add(1, Ordering::Release);
        true
    }

    /// Waits until the worker is woken, the socket is readable (if `reads` is set) or the socket
    /// is writable (if writing is blocked).
    pub(super) fn poll(&self, reads: bool, timeout: Duration) {
        let (link, is_blocked) = {
            let writer = lock(&self.writer);
            (writer.link.clone(), writer.is_blocked)
        };
        let mut events = PollFlags::empty();
        events.set(PollFlags::IN, reads);
        events.set(PollFlags::OUT, is_blocked);
        let mut fds = vec![PollFd::new(&self.wake_fd, PollFlags::IN)];
        if let Some(link) = link.as_deref().filter(|_| !events.is_empty()) {
            fds.push(PollFd::new(link, events));
        }
        let timeout = Timespec::try_from(timeout).ok();
        // The only expected error is an interruption, and the caller checks again anyway.
        let _ = poll(&mut fds, timeout.as_ref());
        // Resets the eventfd. Its count is not needed.
        let _ = rustix::io::read(&self.wake_fd, &mut [0; 8]);
    }

    /// Wakes the worker.
    pub(super) fn wake_worker(&self) {
        // If the eventfd is full, the worker is being woken already.
        let _ = rustix::io::write(&self.wake_fd, &1u64.to_ne_bytes());
    }

    /// Writes queued bytes until the socket takes no more.
    pub(super) fn flush(&self) {
        let mut writer = lock(&self.writer);
        let result = self.write(&mut writer);
        writer.is_blocked = result == Err(Errno::AGAIN);
        let is_broken = result.is_err() && !writer.is_blocked;
        if is_broken && let Some(link) = writer.link.take() {
            // The reading thread detects the end of the stream.
            let _ = link.shutdown(Shutdown::Both);
        }
        let woken = take_some(&mut writer.woken);
        drop(writer);
        if result.is_err() {
            self.wake_worker();
        }
        woken.into_iter().for_each(Waker::wake);
    }

    fn write(&self, writer: &mut Writer) -> Result<(), Errno> {
        let Writer {
            link,
            output,
            woken,
            ..
        } = writer;
        let Some(link) = link else {
            return Ok(());
        };
        // A thread that queues more meanwhile also writes it.
        self.shared.with_awake(woken, |inner| output.refill(inner));
        while !output.rest().is_empty() {
            match send(
                &**link,
                output.rest(),
                SendFlags::DONTWAIT | SendFlags::NOSIGNAL,
            ) {
                Ok(count) => output.advance(count),
                Err(Errno::INTR) => {}
                Err(error) => {
                    self.shared.with_awake(woken, |inner| output.refill(inner));
                    return Err(error);
                }
            }
        }
        self.written
            .fetch_add(output.take_unreported(), Ordering::Relaxed);
        Ok(())
    }

    /// Writes the remaining bytes if writing was blocked.
    pub(super) fn flush_blocked(&self) {
        if lock(&self.writer).is_blocked {
            self.flush();
        }
    }

    /// Ends the connection. The worker connects again if there is a reconnect policy.
    pub(super) fn lost(&self, reader: &mut Reader, error: Error) {
        tracing::debug!(%error, "not connected to VPP");
        reader.link = None;
        lock(&self.writer).link = None;
        let written = self.written.swap(0, Ordering::Relaxed);
        let reconnects = self.reconnects;
        self.shared.with(|inner| {
            inner.note_written(written);
            // A failed health check is the cause, if it happened before the end of the stream.
            let error = inner.lost.take().unwrap_or(error);
            let (error, state) = if inner.is_closing() {
                (Error::closed("the client disconnected"), State::Closed)
            } else if reconnects {
                (error, State::Disconnected)
            } else {
                (error, State::Closed)
            };
            inner.disconnected(error, state);
        });
        self.wake_worker();
    }

    /// Shuts the socket down. The reading thread detects the end of the stream.
    pub(super) fn shut_down(&self) {
        if let Some(link) = lock(&self.writer).link.take() {
            let _ = link.shutdown(Shutdown::Both);
        }
    }

    /// Adds a thread that waits while another thread reads.
    pub(super) fn wait(&self, thread: Thread) {
        let mut waiting = lock(&self.waiting);
        waiting.push(thread);
        self.waiting_count.store(waiting.len(), Ordering::SeqCst);
    }

    /// Removes a waiting thread.
    pub(super) fn end_wait(&self, thread: &Thread) {
        let mut waiting = lock(&self.waiting);
        if let Some(at) = waiting.iter().position(|it| it.id() == thread.id()) {
            waiting.swap_remove(at);
        }
        self.waiting_count.store(waiting.len(), Ordering::SeqCst);
    }

    /// Wakes a waiting thread, or else the worker, to take over the reading.
    pub(super) fn hand_over(&self) {
        if self.waiting_count.load(Ordering::SeqCst) > 0 {
            if let Some(thread) = lock(&self.waiting).first() {
                thread.unpark();
            }
        } else if self.wants_to_read.swap(false, Ordering::SeqCst) {
            self.wake_worker();
        }
    }
}

/// Sets the socket's receive timeout unless the current one is close enough. This saves a
/// system call per request.
fn set_timeout(set: &mut Duration, link: &UnixStream, timeout: Duration) {
    const SLACK: Duration = Duration::from_millis(4);
    let is_close = *set <= timeout + SLACK && *set >= timeout / 2;
    if is_close && !set.is_zero() {
        return;
    }
    let timeout = timeout.max(Duration::from_micros(1));
    if set_socket_timeout(link.as_fd(), Timeout::Recv, Some(timeout)).is_ok() {
        *set = timeout;
    }
}

/// A waker that wakes the worker.
pub(super) struct WorkerWaker(pub(super) Arc<Driver>);

impl Wake for WorkerWaker {
    fn wake(self: Arc<Self>) {
        self.0.wake_worker();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.wake_worker();
    }
}

/// A waker that writes queued bytes on the calling thread.
pub(super) struct FlushWaker(pub(super) std::sync::Weak<Driver>);

impl Wake for FlushWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if let Some(driver) = self.0.upgrade() {
            driver.flush();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
