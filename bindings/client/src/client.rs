use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use vpp_wire::{Dump, Event, Get, Message, OneWay, Request, Subscribe};

use crate::calls::{Explained, Pause, Ready, Sender};
use crate::events::EventRequest;
use crate::shared::Shared;
use crate::shared::ids::Pattern;
use crate::{
    Builder, Call, Compatibility, Counters, DumpStream, Error, Fit, GetStream, MessageTable, State,
    StateWatch, Subscription,
};

/// A handle on the connection to VPP, cheap to clone and to share between tasks.
///
/// The calls of all tasks travel in one stream, in the order in which they were made; none
/// waits for another. When the last clone is dropped, and what is in flight has been answered,
/// the connection unregisters from VPP and ends.
#[derive(Clone)]
pub struct Client {
    sender: Sender,
    _handle: Arc<Handle>,
}

/// Counts the clients: the connection ends after the last one is dropped.
struct Handle {
    shared: Arc<Shared>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.with(|inner| inner.abandon());
    }
}

impl Client {
    pub(crate) fn new(sender: Sender) -> Self {
        let shared = Arc::clone(&sender.shared);
        Self {
            sender,
            _handle: Arc::new(Handle { shared }),
        }
    }

    /// Parameters for connecting: socket, limits, reconnection.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), vpp_client::Error> {
    /// use vpp_client::Client;
    ///
    /// let (client, connection) = Client::builder().name("example").connect().await?;
    /// tokio::spawn(connection);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// The same client with another timeout for what is sent through it.
    ///
    /// ```no_run
    /// # async fn example(client: vpp_client::Client) -> Result<(), vpp_client::Error> {
    /// use std::time::Duration;
    /// use vpp_wire::bootstrap::ControlPing;
    ///
    /// client.with_timeout(Duration::from_secs(60)).call(ControlPing {}).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        let mut client = self.clone();
        client.sender.timeout = timeout;
        client
    }

    /// The same client; requests sent through it wait for the connection, within their
    /// timeout, while it is being re-established. Without this they fail at once with kind
    /// [`Disconnected`](crate::ErrorKind::Disconnected).
    ///
    /// A request that was in flight when the connection was lost fails in either case: it is
    /// never sent twice. [`send`](Self::send) does not wait.
    ///
    /// ```no_run
    /// # async fn example(client: vpp_client::Client) -> Result<(), vpp_client::Error> {
    /// use vpp_wire::bootstrap::ControlPing;
    ///
    /// let patient = client.with_wait_for_connection(true);
    /// patient.call(ControlPing {}).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_wait_for_connection(&self, wait: bool) -> Self {
        let mut client = self.clone();
        client.sender.waits = wait;
        client
    }

    /// Sends a request; the returned future resolves to its reply.
    ///
    /// The request is queued at once and in order, before the future is awaited.
    ///
    /// # Errors
    /// From the future, by [`kind`](Error::kind): `Api` (a nonzero retval), `Timeout`,
    /// `Disconnected`, `MessageUnknown` and `CrcMismatch` (this VPP does not have the message),
    /// `Forbidden`, `Encode`, `Decode`, `UnexpectedMessage`, `Limit`, `Forked`.
    ///
    /// # Cancel safety
    /// Dropping the future does not take the request back; see [`Call`].
    ///
    /// ```no_run
    /// # async fn example(client: vpp_client::Client) -> Result<(), vpp_client::Error> {
    /// use vpp_wire::bootstrap::ControlPing;
    ///
    /// let pong = client.call(ControlPing {}).await?;
    /// println!("VPP has process id {}", pong.vpe_pid);
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn call<M: Request>(&self, request: M) -> Call<M::Reply> {
        Call::send(&self.sender, &request)
    }

    /// Sends a message that VPP never answers.
    ///
    /// # Errors
    /// `Disconnected`, `MessageUnknown`, `CrcMismatch`, `Encode`, `Limit`, `Forked`. Success
    /// means that the message is queued.
    ///
    /// ```no_run
    /// # fn example<M: vpp_wire::OneWay>(client: vpp_client::Client, message: M)
    /// # -> Result<(), vpp_client::Error> {
    /// client.send(message)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn send<M: OneWay>(&self, message: M) -> Result<(), Error> {
        let Sender {
            shared, timeout, ..
        } = &self.sender;
        shared
            .submit(&message, &Pattern::OneWay, *timeout)
            .map(drop)
    }

    /// Requests all objects of a kind. Errors are items of the stream.
    ///
    /// ```no_run
    /// # async fn example<M: vpp_wire::Dump + Default>(client: vpp_client::Client)
    /// # -> Result<(), vpp_client::Error> {
    /// let mut dump = client.dump(M::default());
    /// while let Some(details) = dump.next().await {
    ///     println!("{:?}", details?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn dump<M: Dump>(&self, request: M) -> DumpStream<M::Details> {
        DumpStream::send(&self.sender, &request)
    }

    /// Requests all objects of a kind that VPP sends in slices, from the request's cursor on.
    /// Errors are items of the stream.
    ///
    /// ```no_run
    /// # async fn example<M: vpp_wire::Get + Default>(client: vpp_client::Client)
    /// # -> Result<(), vpp_client::Error> {
    /// for details in client.get(M::default()).all().await? {
    ///     println!("{details:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn get<M: Get>(&self, request: M) -> GetStream<M> {
        GetStream::send(self.clone(), request)
    }

    /// Subscribes to events with the default request.
    ///
    /// # Errors
    /// Those of [`subscribe_with`](Self::subscribe_with).
    ///
    /// # Cancel safety
    /// That of [`subscribe_with`](Self::subscribe_with).
    ///
    /// ```no_run
    /// # async fn example<W: vpp_wire::Subscribe + Default>(client: vpp_client::Client)
    /// # -> Result<(), vpp_client::Error> {
    /// let mut events = client.subscribe::<W>().await?;
    /// while let Some(notice) = events.next().await {
    ///     println!("{:?}", notice?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn subscribe<W>(&self) -> Result<Subscription<W::Event>, Error>
    where
        W: Subscribe + Default,
    {
        self.subscribe_with(W::default()).await
    }

    /// Subscribes to events; returns once VPP has agreed.
    ///
    /// # Errors
    /// Those of a [`call`](Self::call).
    ///
    /// # Cancel safety
    /// Dropping the future ends the subscription.
    ///
    /// ```no_run
    /// # async fn example<W: vpp_wire::Subscribe>(client: vpp_client::Client, request: W)
    /// # -> Result<(), vpp_client::Error> {
    /// let events = client.subscribe_with(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn subscribe_with<W: Subscribe>(
        &self,
        request: W,
    ) -> Result<Subscription<W::Event>, Error> {
        let Sender {
            shared,
            timeout,
            waits,
        } = &self.sender;
        if !shared.process.is_current() {
            return Err(Error::forked(W::NAME));
        }
        let request = EventRequest::new(request, *timeout)?;
        if *waits {
            self.ready().await?;
        }
        match Subscription::open(shared, request) {
            Ok(subscription) => {
                subscription.agreed().await?;
                Ok(subscription)
            }
            Err(error) => Err(self.explain(error).await),
        }
    }

    /// Every event of a kind that VPP sends to this client, whoever requested it: for events
    /// that another request turns on, such as `ping_finished_event` after
    /// `want_ping_finished_events`.
    ///
    /// # Errors
    /// `Disconnected`, `MessageUnknown`, `CrcMismatch`.
    ///
    /// ```no_run
    /// # async fn example<E: vpp_wire::Event>(client: vpp_client::Client)
    /// # -> Result<(), vpp_client::Error> {
    /// let mut events = client.events::<E>()?;
    /// println!("{:?}", events.next().await);
    /// # Ok(())
    /// # }
    /// ```
    pub fn events<E: Event>(&self) -> Result<Subscription<E>, Error> {
        Subscription::listen(&self.sender.shared)
    }

    /// Whether the connected VPP has the message `M` with the CRC that it was generated with.
    ///
    /// While there is no connection, the answer is for the VPP last connected.
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::Client) {
    /// use vpp_wire::bootstrap::ControlPing;
    ///
    /// assert!(client.supports::<ControlPing>());
    /// # }
    /// ```
    #[must_use]
    pub fn supports<M: Message>(&self) -> bool {
        self.message_table().supports::<M>()
    }

    /// Which of `messages`, given as name and CRC, the connected VPP has.
    ///
    /// While there is no connection, the answer is for the VPP last connected; before the
    /// first connection, every message is absent.
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::Client) {
    /// let report = client.check(&[("control_ping", 0x5107_7d14)]);
    /// println!("{report}");
    /// # }
    /// ```
    #[must_use]
    pub fn check(&self, messages: &[(&str, u32)]) -> Compatibility {
        self.message_table().check(messages)
    }

    /// Which of several sets of messages, each with a label, the connected VPP has; see
    /// [`MessageTable::closest`].
    ///
    /// While there is no connection, the answer is for the VPP last connected.
    ///
    /// ```no_run
    /// # const V23_02: &[(&str, u32)] = &[];
    /// # const V26_06: &[(&str, u32)] = &[];
    /// # fn example(client: vpp_client::Client) {
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
        self.message_table().closest(candidates)
    }

    /// All messages of the connected VPP, or of the VPP last connected.
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::Client) {
    /// println!("VPP has {} messages", client.message_table().len());
    /// # }
    /// ```
    #[must_use]
    pub fn message_table(&self) -> Arc<MessageTable> {
        self.sender.shared.read(|inner| Arc::clone(&inner.table))
    }

    /// The number by which VPP knows this connection.
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::Client) {
    /// println!("client index {:#x}", client.client_index());
    /// # }
    /// ```
    #[must_use]
    pub fn client_index(&self) -> u32 {
        self.sender.shared.read(|inner| inner.client_index)
    }

    /// What this client and its clones have done so far.
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::Client) {
    /// let counters = client.counters();
    /// println!("{} requests, {} timeouts", counters.requests, counters.timeouts);
    /// # }
    /// ```
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.sender.shared.read(|inner| Counters {
            in_flight: inner.calls.waiting() as u64,
            memory: inner.memory() as u64,
            ..inner.counters
        })
    }

    /// The state of the connection, now and from now on.
    ///
    /// ```no_run
    /// # async fn example(client: vpp_client::Client) {
    /// let mut states = client.state();
    /// while let Some(state) = states.next().await {
    ///     println!("{state:?}");
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn state(&self) -> StateWatch {
        StateWatch::new(Arc::clone(&self.sender.shared))
    }

    /// Waits until the connection is established, however long that takes.
    ///
    /// # Errors
    /// The connection ends instead.
    ///
    /// # Cancel safety
    /// The future can be dropped and the method called again.
    ///
    /// ```no_run
    /// # async fn example(client: vpp_client::Client) -> Result<(), vpp_client::Error> {
    /// client.connected().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn connected(&self) -> Result<(), Error> {
        if self.state().wait_for(State::Connected).await {
            return Ok(());
        }
        let shared = &self.sender.shared;
        Err(shared.read(|inner| inner.not_connected("connect")))
    }

    /// Waits until a request can be queued: the connection is established, and neither the
    /// pending writes nor the memory nor the calls in flight are at their limits.
    ///
    /// # Errors
    /// `Timeout` after the client's timeout; `Disconnected` when the connection has ended.
    ///
    /// # Cancel safety
    /// The future can be dropped and the method called again.
    ///
    /// ```no_run
    /// # async fn example(client: vpp_client::Client) -> Result<(), vpp_client::Error> {
    /// use vpp_wire::bootstrap::ControlPing;
    ///
    /// client.ready().await?;
    /// client.call(ControlPing {}).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn ready(&self) -> Result<(), Error> {
        let mut ready = Ready::new(&self.sender);
        poll_fn(|cx| ready.poll(cx)).await
    }

    /// Unregisters from VPP and ends the connection, for all clones of this client.
    ///
    /// Calls made before are answered first, as far as VPP does so without delay; calls made
    /// after fail. Returns when the connection has ended, or after the client's timeout where
    /// nobody polls the [`Connection`](crate::Connection).
    ///
    /// # Cancel safety
    /// The connection ends even if the future is dropped.
    ///
    /// ```no_run
    /// # async fn example(client: vpp_client::Client) {
    /// client.disconnect().await;
    /// # }
    /// ```
    pub async fn disconnect(&self) {
        let Sender {
            shared, timeout, ..
        } = &self.sender;
        let pause = Pause::until_closed(shared, *timeout);
        // Too many calls in flight leave no room to wait for the end, which comes all the same.
        if let Some(pause) = pause
            && shared.process.is_current()
        {
            poll_fn(|cx| pause.poll(cx).map(drop)).await;
        }
    }

    async fn explain(&self, error: Error) -> Error {
        let mut explained = Explained::new(&self.sender.shared, error);
        let error = poll_fn(|cx| explained.poll(cx)).await;
        error.unwrap_or_else(|| Error::finished("subscribe"))
    }

    pub(crate) fn sender(&self) -> &Sender {
        &self.sender
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("state", &self.sender.shared.read(|inner| inner.state.get()))
            .field("timeout", &self.sender.timeout)
            .finish_non_exhaustive()
    }
}
