//! The client for programs that are not async.
//!
//! A thread of its own keeps the connection; the caller's thread waits for answers. Do
//! not use it inside an async task: it would hold up the task's whole thread.
//!
//! ```no_run
//! use vpp_client::Client;
//! use vpp_wire::bootstrap::ControlPing;
//!
//! let client = Client::builder().connect_blocking()?;
//! let pong = client.call(ControlPing {})?;
//! println!("VPP has process id {}", pong.vpe_pid);
//! # Ok::<(), vpp_client::Error>(())
//! ```

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, JoinHandle, Thread};
use std::time::Duration;

use vpp_wire::{Dump, Get, Message, OneWay, Request, Subscribe};

use crate::shared::{Inner, Shared};
use crate::{Builder, Compatibility, DumpStream, Error, Fit, GetStream, MessageTable, Notice};

/// A handle on the connection to VPP whose methods wait for their answers.
///
/// Dropping the last handle, iterators included, takes leave of VPP.
#[derive(Clone)]
pub struct Client {
    // The order counts: the worker ends once no client is left.
    client: crate::Client,
    worker: Arc<Worker>,
}

/// The thread that keeps the connection.
struct Worker {
    thread: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Async clones may be left; the thread ends with its owner all the same.
        self.shared.with(Inner::leave);
        if let Some(thread) = self.thread.take() {
            // The thread has nothing to report: whoever waited was told.
            let _ = thread.join();
        }
    }
}

impl Client {
    /// How to connect; end with [`Builder::connect_blocking`].
    #[must_use]
    pub fn builder() -> Builder {
        Builder::new()
    }

    pub(crate) fn start(builder: Builder) -> Result<Self, Error> {
        let (sender, receiver) = mpsc::channel();
        let run = move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let runtime = match runtime {
                Ok(runtime) => runtime,
                Err(error) => return drop(sender.send(Err(Error::io("no runtime", error)))),
            };
            runtime.block_on(async move {
                match builder.connect().await {
                    Err(error) => drop(sender.send(Err(error))),
                    Ok((client, connection)) => {
                        drop(sender.send(Ok(client)));
                        // Its error is that of every call from now on.
                        let _ = connection.await;
                    }
                }
            });
        };
        let thread = thread::Builder::new()
            .name("vpp-client".to_owned())
            .spawn(run);
        let thread = thread.map_err(|error| Error::io("no thread", error))?;
        let client: crate::Client = receiver
            .recv()
            .map_err(|_| Error::closed("the thread has ended"))??;
        let shared = Arc::clone(client.shared());
        let worker = Arc::new(Worker {
            thread: Some(thread),
            shared,
        });
        Ok(Self { client, worker })
    }

    /// The same client with another timeout for what is sent through it.
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        let client = self.client.with_timeout(timeout);
        Self {
            client,
            worker: Arc::clone(&self.worker),
        }
    }

    /// Sends a request and waits for its reply.
    ///
    /// # Errors
    /// As [`Client::call`](crate::Client::call).
    pub fn call<M: Request>(&self, request: M) -> Result<M::Reply, Error> {
        block_on(self.client.call(request))
    }

    /// Sends a message that VPP never answers.
    ///
    /// # Errors
    /// As [`Client::send`](crate::Client::send).
    pub fn send<M: OneWay>(&self, message: M) -> Result<(), Error> {
        self.client.send(message)
    }

    /// Asks for everything of a kind.
    #[must_use]
    pub fn dump<M: Dump>(&self, request: M) -> Dumped<M::Details> {
        Dumped {
            stream: self.client.dump(request),
            _worker: Arc::clone(&self.worker),
        }
    }

    /// Asks for everything of a kind that VPP gives in slices.
    #[must_use]
    pub fn get<M: Get>(&self, request: M) -> Gotten<M> {
        Gotten {
            stream: self.client.get(request),
            _worker: Arc::clone(&self.worker),
        }
    }

    /// Subscribes to events with the default request.
    ///
    /// # Errors
    /// As [`Client::subscribe_with`](crate::Client::subscribe_with).
    pub fn subscribe<W: Subscribe + Default>(&self) -> Result<Subscription<W::Event>, Error> {
        self.subscribe_with(W::default())
    }

    /// Subscribes to events; returns once VPP has agreed.
    ///
    /// # Errors
    /// As [`Client::subscribe_with`](crate::Client::subscribe_with).
    pub fn subscribe_with<W: Subscribe>(
        &self,
        request: W,
    ) -> Result<Subscription<W::Event>, Error> {
        let stream = block_on(self.client.subscribe_with(request))?;
        Ok(Subscription {
            stream,
            _worker: Arc::clone(&self.worker),
        })
    }

    /// Whether the connected VPP has the message `M` with the CRC it was generated with.
    #[must_use]
    pub fn supports<M: Message>(&self) -> bool {
        self.client.supports::<M>()
    }

    /// What the connected VPP has of `messages`, given as name and CRC.
    #[must_use]
    pub fn check(&self, messages: &[(&str, u32)]) -> Compatibility {
        self.client.check(messages)
    }

    /// Which of several sets of messages, each with a label, the connected VPP speaks; see
    /// [`MessageTable::closest`].
    #[must_use]
    pub fn closest<'a, L>(
        &self,
        candidates: impl IntoIterator<Item = (L, &'a [(&'a str, u32)])>,
    ) -> Option<Fit<L>> {
        self.client.closest(candidates)
    }

    /// All messages of the connected VPP.
    #[must_use]
    pub fn message_table(&self) -> Arc<MessageTable> {
        self.client.message_table()
    }

    /// Takes leave of VPP and ends the connection, for all clones of this client.
    pub fn disconnect(&self) {
        block_on(self.client.disconnect());
    }

    /// The async client on the same connection, which ends with the last blocking handle.
    #[must_use]
    pub fn as_async(&self) -> &crate::Client {
        &self.client
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.client).finish()
    }
}

/// The details of a dump, as an iterator that waits for each; see [`DumpStream`].
#[derive(Debug)]
pub struct Dumped<D> {
    stream: DumpStream<D>,
    _worker: Arc<Worker>,
}

impl<D: Message> Iterator for Dumped<D> {
    type Item = Result<D, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        block_on(self.stream.next())
    }
}

/// The items of a cursor request, as an iterator that waits for each; see [`GetStream`].
#[derive(Debug)]
pub struct Gotten<M: Get> {
    stream: GetStream<M>,
    _worker: Arc<Worker>,
}

impl<M: Get> Gotten<M> {
    /// VPP's last reply, once the iterator has ended well.
    #[must_use]
    pub fn reply(&self) -> Option<&M::Reply> {
        self.stream.reply()
    }
}

impl<M: Get> Iterator for Gotten<M> {
    type Item = Result<M::Details, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        block_on(self.stream.next())
    }
}

/// Events, as an iterator that waits for each; see [`crate::Subscription`].
#[derive(Debug)]
pub struct Subscription<E> {
    stream: crate::Subscription<E>,
    _worker: Arc<Worker>,
}

impl<E: vpp_wire::Event> Iterator for Subscription<E> {
    type Item = Result<Notice<E>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        block_on(self.stream.next())
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Worker")
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for a future of this crate, none of which needs a runtime around it.
fn block_on<F: Future>(future: F) -> F::Output {
    thread_local! {
        static WAKER: Waker = Waker::from(Arc::new(Unpark(thread::current())));
    }
    let mut future = pin!(future);
    WAKER.with(|waker| {
        let mut cx = Context::from_waker(waker);
        loop {
            match future.as_mut().poll(&mut cx) {
                Poll::Ready(output) => return output,
                Poll::Pending => thread::park(),
            }
        }
    })
}
