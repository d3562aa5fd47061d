//! The client for programs that are not async.
//!
//! The thread that makes a call does the input and output itself. A thread of the client's own
//! takes over while nobody calls, so that events are read, losses are noticed and connections
//! are re-established. Do not use this client inside an async task: it would block the task's
//! thread.
//!
//! ```no_run
//! use vpp_client::Client;
//! use vpp_client::wire::bootstrap::ControlPing;
//!
//! let client = Client::builder().connect_blocking()?;
//! let pong = client.call(ControlPing {})?;
//! println!("VPP has process id {}", pong.vpe_pid);
//! # Ok::<(), vpp_client::Error>(())
//! ```

mod dial;
mod driver;
mod iter;
mod wait;
mod worker;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use vpp_wire::{Dump, Event, Get, Message, OneWay, Request, Subscribe};

use crate::{Builder, Compatibility, Counters, Error, Fit, MessageTable, State};

pub use iter::{DumpIter, EventIter, GetIter};
use worker::Worker;

/// A handle on the connection to VPP whose methods block until they are answered.
///
/// Clones share the connection and can be used from several threads at once. Dropping the last
/// handle, iterators included, unregisters from VPP.
#[derive(Clone)]
pub struct Client {
    // Dropped in this order: the worker ends after no client is left.
    client: crate::Client,
    worker: Arc<Worker>,
}

impl Client {
    /// Parameters for connecting; finish with [`Builder::connect_blocking`].
    ///
    /// ```no_run
    /// use vpp_client::blocking::Client;
    ///
    /// let client = Client::builder().name("example").connect_blocking()?;
    /// # Ok::<(), vpp_client::Error>(())
    /// ```
    #[must_use]
    pub fn builder() -> Builder {
        Builder::new()
    }

    pub(crate) fn start(builder: Builder) -> Result<Self, Error> {
        let (client, setup) = builder.parts()?;
        let worker = Worker::start(Arc::clone(&client.sender().shared), setup)?;
        let worker = Arc::new(worker);
        Ok(Self { client, worker })
    }

    /// The same client with another timeout for what is sent through it.
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::blocking::Client) -> Result<(), vpp_client::Error> {
    /// use std::time::Duration;
    /// use vpp_client::wire::bootstrap::ControlPing;
    ///
    /// client.with_timeout(Duration::from_secs(60)).call(ControlPing {})?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        self.with(self.client.with_timeout(timeout))
    }

    /// The same client; requests sent through it wait for the connection while it is being
    /// re-established. See [`crate::Client::with_wait_for_connection`].
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::blocking::Client) -> Result<(), vpp_client::Error> {
    /// use vpp_client::wire::bootstrap::ControlPing;
    ///
    /// client.with_wait_for_connection(true).call(ControlPing {})?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_wait_for_connection(&self, wait: bool) -> Self {
        self.with(self.client.with_wait_for_connection(wait))
    }

    fn with(&self, client: crate::Client) -> Self {
        let worker = Arc::clone(&self.worker);
        Self { client, worker }
    }

    /// Sends a request and waits for its reply.
    ///
    /// # Errors
    /// Those of [`crate::Client::call`].
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::blocking::Client) -> Result<(), vpp_client::Error> {
    /// use vpp_client::wire::bootstrap::ControlPing;
    ///
    /// let pong = client.call(ControlPing {})?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn call<M: Request>(&self, request: M) -> Result<M::Reply, Error> {
        self.worker.block_on(self.client.call(request))
    }

    /// Sends a message that VPP never answers.
    ///
    /// # Errors
    /// Those of [`crate::Client::send`].
    ///
    /// ```no_run
    /// # fn example<M: vpp_client::wire::OneWay>(client: vpp_client::blocking::Client, message: M)
    /// # -> Result<(), vpp_client::Error> {
    /// client.send(message)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn send<M: OneWay>(&self, message: M) -> Result<(), Error> {
        self.client.send(message)
    }

    /// Requests all objects of a kind.
    ///
    /// ```no_run
    /// # fn example<M: vpp_client::wire::Dump + Default>(client: vpp_client::blocking::Client)
    /// # -> Result<(), vpp_client::Error> {
    /// for details in client.dump(M::default()) {
    ///     println!("{:?}", details?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use = "a dump is read by iterating over it"]
    pub fn dump<M: Dump>(&self, request: M) -> DumpIter<M::Details> {
        DumpIter::new(self.client.dump(request), &self.worker)
    }

    /// Requests all objects of a kind that VPP sends in slices.
    ///
    /// ```no_run
    /// # fn example<M: vpp_client::wire::Get + Default>(client: vpp_client::blocking::Client)
    /// # -> Result<(), vpp_client::Error> {
    /// for details in client.get(M::default()) {
    ///     println!("{:?}", details?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use = "the items are read by iterating over them"]
    pub fn get<M: Get>(&self, request: M) -> GetIter<M> {
        GetIter::new(self.client.get(request), &self.worker)
    }

    /// Subscribes to events with the default request.
    ///
    /// # Errors
    /// Those of [`crate::Client::subscribe_with`].
    ///
    /// ```no_run
    /// # fn example<W: vpp_client::wire::Subscribe + Default>(client: vpp_client::blocking::Client)
    /// # -> Result<(), vpp_client::Error> {
    /// for notice in client.subscribe::<W>()? {
    ///     println!("{:?}", notice?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn subscribe<W: Subscribe + Default>(&self) -> Result<EventIter<W::Event>, Error> {
        self.subscribe_with(W::default())
    }

    /// Subscribes to events; returns once VPP has agreed.
    ///
    /// # Errors
    /// Those of [`crate::Client::subscribe_with`].
    ///
    /// ```no_run
    /// # fn example<W: vpp_client::wire::Subscribe>(client: vpp_client::blocking::Client, request: W)
    /// # -> Result<(), vpp_client::Error> {
    /// use std::time::Duration;
    ///
    /// let mut events = client.subscribe_with(request)?;
    /// if let Some(notice) = events.next_timeout(Duration::from_secs(1)) {
    ///     println!("{:?}", notice?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn subscribe_with<W: Subscribe>(&self, request: W) -> Result<EventIter<W::Event>, Error> {
        let events = self.worker.block_on(self.client.subscribe_with(request))?;
        Ok(EventIter::new(events, &self.worker))
    }

    /// Every event of a kind that VPP sends to this client, whoever requested it.
    ///
    /// # Errors
    /// Those of [`crate::Client::events`].
    ///
    /// ```no_run
    /// # fn example<E: vpp_client::wire::Event>(client: vpp_client::blocking::Client)
    /// # -> Result<(), vpp_client::Error> {
    /// let mut events = client.events::<E>()?;
    /// println!("{:?}", events.next());
    /// # Ok(())
    /// # }
    /// ```
    pub fn events<E: Event>(&self) -> Result<EventIter<E>, Error> {
        Ok(EventIter::new(self.client.events()?, &self.worker))
    }

    /// Whether the connected VPP has the message `M` with the CRC that it was generated with.
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::blocking::Client) {
    /// use vpp_client::wire::bootstrap::ControlPing;
    ///
    /// assert!(client.supports::<ControlPing>());
    /// # }
    /// ```
    #[must_use]
    pub fn supports<M: Message>(&self) -> bool {
        self.client.supports::<M>()
    }

    /// Which of `messages`, given as name and CRC, the connected VPP has.
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::blocking::Client) {
    /// println!("{}", client.check(&[("control_ping", 0x5107_7d14)]));
    /// # }
    /// ```
    #[must_use]
    pub fn check(&self, messages: &[(&str, u32)]) -> Compatibility {
        self.client.check(messages)
    }

    /// Which of several sets of messages, each with a label, the connected VPP has; see
    /// [`MessageTable::closest`].
    ///
    /// ```no_run
    /// # const V23_02: &[(&str, u32)] = &[];
    /// # const V26_06: &[(&str, u32)] = &[];
    /// # fn example(client: vpp_client::blocking::Client) {
    /// if let Some(fit) = client.closest([("v23.02", V23_02), ("v26.06", V26_06)]) {
    ///     println!("{fit}");
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn closest<'a, L>(
        &self,
        candidates: impl IntoIterator<Item = (L, &'a [(&'a str, u32)])>,
    ) -> Option<Fit<L>> {
        self.client.closest(candidates)
    }

    /// All messages of the connected VPP.
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::blocking::Client) {
    /// println!("VPP has {} messages", client.message_table().len());
    /// # }
    /// ```
    #[must_use]
    pub fn message_table(&self) -> Arc<MessageTable> {
        self.client.message_table()
    }

    /// What this client and its clones have done so far.
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::blocking::Client) {
    /// println!("{} requests", client.counters().requests);
    /// # }
    /// ```
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.client.counters()
    }

    /// The state of the connection at this moment.
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::blocking::Client) {
    /// println!("{:?}", client.state());
    /// # }
    /// ```
    #[must_use]
    pub fn state(&self) -> State {
        self.client.state().current()
    }

    /// Waits until a request can be queued; see [`crate::Client::ready`].
    ///
    /// # Errors
    /// Those of [`crate::Client::ready`].
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::blocking::Client) -> Result<(), vpp_client::Error> {
    /// client.ready()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn ready(&self) -> Result<(), Error> {
        self.worker.block_on(self.client.ready())
    }

    /// Unregisters from VPP and ends the connection, for all clones of this client.
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::blocking::Client) {
    /// client.disconnect();
    /// # }
    /// ```
    pub fn disconnect(&self) {
        self.worker.block_on(self.client.disconnect());
    }

    /// The async client on the same connection, which ends with the last blocking handle.
    ///
    /// ```no_run
    /// # async fn example(client: vpp_client::blocking::Client) -> Result<(), vpp_client::Error> {
    /// use vpp_client::wire::bootstrap::ControlPing;
    ///
    /// client.as_async().call(ControlPing {}).await?;
    /// # Ok(())
    /// # }
    /// ```
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
