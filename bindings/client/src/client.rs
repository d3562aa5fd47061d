use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use vpp_wire::{Dump, Event, Get, Message, OneWay, Request, Subscribe};

use crate::calls::{Call, DumpStream, GetStream, Handle, Pause, ReadyWait, Sender, VersionLookup};
use crate::connection::StateWatch;
use crate::error::Error;
use crate::event_registry::EventRequest;
use crate::events::Subscription;
use crate::shared::{Counters, State};
use crate::table::ids::ReplyPattern;
use crate::table::{BestMatch, CompatibilityReport, MessageTable};
use crate::trace::Trace;

/// A handle to the connection with VPP, cheap to clone and to share between tasks.
///
/// The calls of all tasks are sent in the order in which they are made. No call waits for
/// another. When the last clone is dropped and everything in flight is answered, the
/// connection unregisters from VPP and closes.
#[derive(Clone)]
pub struct Client {
    sender: Sender,
    handle: Arc<Handle>,
}

impl Client {
    pub(crate) fn new(sender: Sender) -> Self {
        let handle = Handle::new(&sender.shared);
        Self { sender, handle }
    }

    /// Returns a clone of this client whose requests have another timeout.
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

    /// Returns a clone of this client whose requests wait, within their timeout, while the
    /// connection is being re-established. By default they fail at once with kind
    /// [`Disconnected`](crate::ErrorKind::Disconnected).
    ///
    /// A request that was in flight when the connection was lost fails in either case: it is
    /// never sent twice. [`send`](Self::send) does not wait.
    ///
    /// ```no_run
    /// # async fn example(client: vpp_client::Client) -> Result<(), vpp_client::Error> {
    /// use vpp_wire::bootstrap::ControlPing;
    ///
    /// let waiting = client.with_wait_for_connection(true);
    /// waiting.call(ControlPing {}).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_wait_for_connection(&self, wait: bool) -> Self {
        let mut client = self.clone();
        client.sender.waits = wait;
        client
    }

    /// Sends a request and returns a future for its reply.
    ///
    /// The request is queued at once, before the future is first polled.
    ///
    /// # Errors
    /// From the future, by [`kind`](Error::kind): `Api` (a nonzero retval), `Timeout`,
    /// `Disconnected`, `MessageUnknown` and `CrcMismatch` (this VPP does not have the message),
    /// `Forbidden`, `Encode`, `Decode`, `UnexpectedMessage`, `Limit`, `Forked`.
    ///
    /// # Cancel safety
    /// Dropping the future does not cancel the request; see [`Call`].
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
            .submit(&message, &ReplyPattern::OneWay, *timeout)
            .map(drop)
    }

    /// Requests all objects of one type as a stream. Errors are items of the stream.
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

    /// Requests all objects of one type that VPP sends in slices, starting at the request's
    /// cursor. Errors are items of the stream.
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
        GetStream::send(self.sender.clone(), Arc::clone(&self.handle), request)
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

    /// Subscribes to events. Returns once VPP has confirmed the request.
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
                subscription.confirmed().await?;
                Ok(subscription)
            }
            Err(error) => Err(self.add_version(error).await),
        }
    }

    /// Receives every event of one type that VPP sends to this client, without requesting it.
    ///
    /// Use this for events that another request turns on, such as `ping_finished_event` after
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

    /// Whether the connected VPP has the message `M` with the CRC of its bindings.
    ///
    /// While there is no connection, this describes the last connected VPP.
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

    /// Reports which of `messages`, given as name and CRC, the connected VPP has.
    ///
    /// While there is no connection, this describes the last connected VPP. Before the first
    /// connection, every message is absent.
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::Client) {
    /// let report = client.check(&[("control_ping", 0x5107_7d14)]);
    /// println!("{report}");
    /// # }
    /// ```
    #[must_use]
    pub fn check(&self, messages: &[(&str, u32)]) -> CompatibilityReport {
        self.message_table().check(messages)
    }

    /// Finds which of several sets of messages, each with a label, matches the connected VPP
    /// best; see [`MessageTable::best_match`].
    ///
    /// While there is no connection, this describes the last connected VPP.
    ///
    /// ```no_run
    /// # const V23_02: &[(&str, u32)] = &[];
    /// # const V26_06: &[(&str, u32)] = &[];
    /// # fn example(client: vpp_client::Client) {
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
        self.message_table().best_match(candidates)
    }

    /// The messages of the connected VPP, or of the last connected VPP.
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

    /// The client index that VPP has assigned to this connection.
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

    /// The messages that this client and its clones have recorded; `None` without
    /// [`Builder::trace`](crate::Builder::trace).
    ///
    /// ```no_run
    /// # fn example(client: vpp_client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// if let Some(trace) = client.trace() {
    ///     trace.write_vpp(std::fs::File::create("messages.trace")?)?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn trace(&self) -> Option<Trace> {
        let recorder = |inner: &crate::shared::Inner| Some(inner.recorder.as_ref()?.snapshot());
        self.sender.shared.read(recorder)
    }

    /// The counters of this client and its clones.
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

    /// Watches the state of the connection, starting with the current one.
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

    /// Waits until the connection is established, without a timeout.
    ///
    /// # Errors
    /// The connection has closed.
    ///
    /// # Cancel safety
    /// Dropping the future has no effect.
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
    /// `Timeout` after the client's timeout; `Disconnected` if the connection has closed.
    ///
    /// # Cancel safety
    /// Dropping the future has no effect.
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
        let mut ready = ReadyWait::new(&self.sender);
        poll_fn(|cx| ready.poll(cx)).await
    }

    /// Unregisters from VPP and closes the connection, for all clones of this client.
    ///
    /// VPP answers the calls in flight first if it can do so without delay. Later calls fail.
    /// Returns when the connection has closed, or after the client's timeout if the
    /// [`Connection`](crate::Connection) is not polled.
    ///
    /// # Cancel safety
    /// The connection closes even if the future is dropped.
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
        // With too many calls in flight there is no slot to wait in. The connection closes anyway.
        if let Some(pause) = pause
            && shared.process.is_current()
        {
            poll_fn(|cx| pause.poll(cx).map(drop)).await;
        }
    }

    /// Adds VPP's version to a CRC mismatch.
    async fn add_version(&self, error: Error) -> Error {
        let mut lookup = VersionLookup::new(&self.sender.shared, error);
        let error = poll_fn(|cx| lookup.poll(cx)).await;
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
