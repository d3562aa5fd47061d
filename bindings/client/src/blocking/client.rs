use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use vpp_wire::{Dump, Event, Get, Message, OneWay, Request, Subscribe};

use super::iter::{DumpIter, EventIter, GetIter};
use super::worker::Worker;
use crate::builder::Builder;
use crate::error::Error;
use crate::shared::{Counters, State};
use crate::table::{BestMatch, CompatibilityReport, MessageTable};
use crate::trace::Trace;

/// A handle to the connection with VPP whose methods block until VPP has answered.
///
/// Clones share the connection and can be used by several threads at once. Dropping the last
/// client and iterator unregisters from VPP.
#[derive(Clone)]
pub struct Client {
    // Dropped before the worker, which ends when no client is left.
    client: crate::Client,
    worker: Arc<Worker>,
}

impl Client {
    /// Returns a builder; call [`Builder::connect_blocking`] on it.
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

    fn start(builder: Builder) -> Result<Self, Error> {
        let (client, setup) = builder.parts()?;
        let worker = Worker::start(Arc::clone(&client.sender().shared), setup)?;
        let worker = Arc::new(worker);
        Ok(Self { client, worker })
    }

    /// Returns a clone of this client whose requests have another timeout.
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

    /// Returns a clone of this client whose requests wait while the connection is being
    /// re-established; see [`crate::Client::with_wait_for_connection`].
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

    /// Requests all objects of one type.
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

    /// Requests all objects of one type that VPP sends in slices.
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

    /// Subscribes to events. Returns once VPP has confirmed the request.
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

    /// Receives every event of one type that VPP sends to this client, without requesting it.
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

    /// Whether the connected VPP has the message `M` with the CRC of its bindings.
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

    /// Reports which of `messages`, given as name and CRC, the connected VPP has.
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::blocking::Client) {
    /// println!("{}", client.check(&[("control_ping", 0x5107_7d14)]));
    /// # }
    /// ```
    #[must_use]
    pub fn check(&self, messages: &[(&str, u32)]) -> CompatibilityReport {
        self.client.check(messages)
    }

    /// Finds which of several sets of messages, each with a label, matches the connected VPP
    /// best; see [`MessageTable::best_match`].
    ///
    /// ```no_run
    /// # const V23_02: &[(&str, u32)] = &[];
    /// # const V26_06: &[(&str, u32)] = &[];
    /// # fn example(client: vpp_client::blocking::Client) {
    /// if let Some(found) = client.best_match([("v23.02", V23_02), ("v26.06", V26_06)]) {
    ///     println!("{found}");
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn best_match<'a, L>(
        &self,
        candidates: impl IntoIterator<Item = (L, &'a [(&'a str, u32)])>,
    ) -> Option<BestMatch<L>> {
        self.client.best_match(candidates)
    }

    /// The messages of the connected VPP.
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

    /// The messages that this client and its clones have recorded; see
    /// [`crate::Client::trace`].
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::blocking::Client) {
    /// println!("{} messages", client.trace().unwrap_or_default().messages().len());
    /// # }
    /// ```
    #[must_use]
    pub fn trace(&self) -> Option<Trace> {
        self.client.trace()
    }

    /// The counters of this client and its clones.
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

    /// The current state of the connection.
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

    /// Unregisters from VPP and closes the connection, for all clones of this client.
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::blocking::Client) {
    /// client.disconnect();
    /// # }
    /// ```
    pub fn disconnect(&self) {
        self.worker.block_on(self.client.disconnect());
    }

    /// The async client of the same connection. The connection closes with the last blocking
    /// client.
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

impl Builder {
    /// Connects a [blocking client](Client).
    ///
    /// # Errors
    /// Those of [`connect`](Self::connect), and kind
    /// [`Disconnected`](crate::ErrorKind::Disconnected) if no thread can be started.
    pub fn connect_blocking(self) -> Result<Client, Error> {
        Client::start(self)
    }
}
