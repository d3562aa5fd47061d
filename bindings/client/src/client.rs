use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use vpp_wire::{Dump, Get, Message, OneWay, Request, Subscribe};

use crate::ask::Ask;
use crate::ids::{Shape, Spec};
use crate::shared::Shared;
use crate::version::Explained;
use crate::{
    Builder, Call, Compatibility, DumpStream, Error, Fit, GetStream, MessageTable, State,
    StateWatch, Subscription,
};

/// A handle on the connection to VPP, cheap to clone and to share between tasks.
///
/// Calls of all tasks travel in one stream, in the order in which they were made; none
/// waits for another. When the last clone is gone, and what is in flight has been
/// answered, the connection takes leave of VPP and ends.
#[derive(Clone)]
pub struct Client {
    handle: Arc<Handle>,
    timeout: Duration,
}

/// Counts the clients: the connection hears when the last is dropped.
struct Handle {
    shared: Arc<Shared>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.with(crate::shared::Inner::abandon);
    }
}

impl Client {
    pub(crate) fn new(shared: Arc<Shared>, timeout: Duration) -> Self {
        Self {
            handle: Arc::new(Handle { shared }),
            timeout,
        }
    }

    /// How to connect: socket, limits, reconnection.
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
        Self {
            timeout,
            ..self.clone()
        }
    }

    /// Sends a request; the returned future gives its reply.
    ///
    /// The request is queued at once and in order, before the future is awaited.
    ///
    /// # Errors
    /// From the future: a nonzero retval ([`is_api`](Error::is_api)), no answer in time, no
    /// connection, a message that this VPP does not have or has with another CRC, a value
    /// that does not fit, an answer that cannot be read.
    #[inline]
    pub fn call<M: Request>(&self, request: M) -> Call<M::Reply> {
        let shape = Shape::Call {
            reply: const { Spec::of::<M::Reply>() },
        };
        let call = self.shared().submit(&request, shape, self.timeout);
        let call = call.map(|(call, _)| call);
        Call::new(Arc::clone(self.shared()), M::NAME, self.timeout, call)
    }

    /// Sends a message that VPP never answers.
    ///
    /// # Errors
    /// No connection, a message that this VPP does not have, a value that does not fit.
    pub fn send<M: OneWay>(&self, message: M) -> Result<(), Error> {
        self.shared()
            .submit(&message, Shape::OneWay, self.timeout)
            .map(drop)
    }

    /// Asks for everything of a kind. Errors come as items of the stream.
    pub fn dump<M: Dump>(&self, request: M) -> DumpStream<M::Details> {
        let shape = Shape::Dump {
            item: Spec::of::<M::Details>(),
            stray: M::STRAY_REPLY,
        };
        let call = self.shared().submit(&request, shape, self.timeout);
        let call = call.map(|(call, _)| call);
        DumpStream::new(Arc::clone(self.shared()), M::NAME, self.timeout, call)
    }

    /// Asks for everything of a kind that VPP gives in slices, from the request's cursor on.
    /// Errors come as items of the stream.
    pub fn get<M: Get>(&self, request: M) -> GetStream<M> {
        GetStream::new(self.clone(), request)
    }

    /// Subscribes to events with the default request.
    ///
    /// # Errors
    /// As [`subscribe_with`](Self::subscribe_with).
    pub async fn subscribe<W>(&self) -> Result<Subscription<W::Event>, Error>
    where
        W: Subscribe + Default,
    {
        self.subscribe_with(W::default()).await
    }

    /// Subscribes to events; returns once VPP has agreed.
    ///
    /// # Errors
    /// As those of a [`call`](Self::call).
    pub async fn subscribe_with<W: Subscribe>(
        &self,
        request: W,
    ) -> Result<Subscription<W::Event>, Error> {
        let ask = Ask::new(request, self.timeout)?;
        match Subscription::open(self.shared(), ask) {
            Ok(subscription) => {
                subscription.agreed().await?;
                Ok(subscription)
            }
            Err(error) => Err(self.explain(error).await),
        }
    }

    /// Whether the connected VPP has the message `M` with the CRC it was generated with.
    ///
    /// While there is no connection, the last VPP is asked about.
    #[must_use]
    pub fn supports<M: Message>(&self) -> bool {
        self.message_table().supports::<M>()
    }

    /// What the connected VPP has of `messages`, given as name and CRC.
    ///
    /// While there is no connection, the last VPP is asked about; before the first, every
    /// message is absent.
    #[must_use]
    pub fn check(&self, messages: &[(&str, u32)]) -> Compatibility {
        self.message_table().check(messages)
    }

    /// Which of several sets of messages, each with a label, the connected VPP speaks; see
    /// [`MessageTable::closest`].
    ///
    /// While there is no connection, the last VPP is asked about.
    #[must_use]
    pub fn closest<'a, L>(
        &self,
        candidates: impl IntoIterator<Item = (L, &'a [(&'a str, u32)])>,
    ) -> Option<Fit<L>> {
        self.message_table().closest(candidates)
    }

    /// All messages of the connected VPP, or of the last one.
    #[must_use]
    pub fn message_table(&self) -> Arc<MessageTable> {
        Arc::clone(&self.shared().lock().table)
    }

    /// The number by which VPP knows this connection.
    #[must_use]
    pub fn client_index(&self) -> u32 {
        self.shared().lock().client_index
    }

    /// The state of the connection, now and from now on.
    #[must_use]
    pub fn state(&self) -> StateWatch {
        StateWatch::new(Arc::clone(self.shared()))
    }

    /// Waits until the connection stands, however long that takes.
    ///
    /// # Errors
    /// When the connection ends instead.
    pub async fn connected(&self) -> Result<(), Error> {
        if self.state().wait_for(State::Connected).await {
            return Ok(());
        }
        let inner = self.shared().lock();
        Err(inner.not_connected("connect"))
    }

    /// Takes leave of VPP and ends the connection, for all clones of this client.
    ///
    /// Calls made before are answered first, as far as VPP does so without delay; calls
    /// made after fail. Returns when the connection has ended.
    pub async fn disconnect(&self) {
        self.shared().with(crate::shared::Inner::leave);
        self.state().wait_for(State::Closed).await;
    }

    async fn explain(&self, error: Error) -> Error {
        let mut explained = Explained::new(self.shared(), error);
        let error = std::future::poll_fn(|cx| explained.poll(cx)).await;
        error.unwrap_or_else(|| Error::closed("the error was told"))
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.handle.shared
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("state", &self.shared().lock().state.get())
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
