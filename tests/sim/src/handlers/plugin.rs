use std::fmt;
use std::sync::Arc;

use vpp_wire::frame::{self, MAX_PAYLOAD};
use vpp_wire::{DecodeError, Dump, Event, Header, Message, Request};

use super::call::{Call, replying};

/// Handles one payload.
type Handler = Arc<dyn Fn(&mut Call<'_>, &[u8]) -> Result<(), DecodeError> + Send + Sync>;

/// A VPP plugin with its own messages, which closures handle.
///
/// The messages get ids and appear in the message table. If the simulator handles a message
/// itself, the closure replaces its handler. Faults apply as to all messages: if a fault refuses
/// a request, the closure is not called. A restart of VPP does not reset the data of closures.
///
/// ```
/// use vpp_sim::{Plugin, Sim};
/// # use vpp_bindings::vpe::{ShowVersion, ShowVersionReply};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
/// let plugin = Plugin::new("mine")
///     .request(|_: ShowVersion, _| ShowVersionReply::default());
/// let sim = Sim::builder().plugin(plugin).start().await?;
/// # drop(sim);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Plugin {
    name: &'static str,
    messages: Vec<PluginMessage>,
}

/// A message of a plugin. Replies, details and events have no handler.
#[derive(Clone)]
pub(super) struct PluginMessage {
    pub(super) name: &'static str,
    pub(super) key: &'static str,
    pub(super) handler: Option<Handler>,
}

impl Plugin {
    /// A plugin without messages. `name` is the name of its API module.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            messages: Vec::new(),
        }
    }

    /// Adds a request and its reply.
    #[must_use]
    pub fn request<R>(
        self,
        handle: impl Fn(R, &mut Caller<'_, '_>) -> R::Reply + Send + Sync + 'static,
    ) -> Self
    where
        R: Request,
        R::Reply: Default,
    {
        let handler: Handler = Arc::new(replying(move |call, request: R| {
            Ok(handle(request, &mut Caller(call)))
        }));
        self.with::<R>(Some(handler)).with::<R::Reply>(None)
    }

    /// Adds a dump and its details.
    #[must_use]
    pub fn dump<D: Dump>(
        self,
        handle: impl Fn(D, &mut Caller<'_, '_>) -> Vec<D::Details> + Send + Sync + 'static,
    ) -> Self {
        let handler: Handler = Arc::new(move |call, payload| {
            let request: D = call.read(payload)?;
            if call.is_refused() {
                return Ok(());
            }
            let details = handle(request, &mut Caller(call));
            if let (_, Some(mut sink)) = call.split() {
                details.iter().for_each(|item| sink.send(item));
            }
            Ok(())
        });
        self.with::<D>(Some(handler)).with::<D::Details>(None)
    }

    /// Adds an event, which closures send with [`Caller::send_event`].
    #[must_use]
    pub fn event<E: Event>(self) -> Self {
        self.with::<E>(None)
    }

    /// Adds a message once, since two dumps may have the same details.
    fn with<M: Message>(mut self, handler: Option<Handler>) -> Self {
        if self.messages.iter().all(|known| known.key != M::KEY) {
            self.messages.push(PluginMessage {
                name: M::NAME,
                key: M::KEY,
                handler,
            });
        }
        self
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn into_messages(self) -> Vec<PluginMessage> {
        self.messages
    }
}

impl fmt::Debug for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.messages.iter().map(|message| message.key).collect();
        let mut debug = f.debug_struct("Plugin");
        debug.field("name", &self.name).field("messages", &keys);
        debug.finish()
    }
}

/// The client that sent a request.
pub struct Caller<'a, 'b>(&'a mut Call<'b>);

impl Caller<'_, '_> {
    /// The `client_index` of the request, for [`send_event`](Self::send_event).
    #[must_use]
    pub fn client_index(&self) -> u32 {
        self.0.client_index()
    }

    /// Sends an event to a client, before the reply to the current request.
    ///
    /// Does nothing if the client has disconnected, or if no plugin has added the event with
    /// [`Plugin::event`].
    pub fn send_event<E: Event>(&mut self, client_index: u32, event: &E) {
        let run = &self.0.run;
        let outbox = run.clients.resolve(client_index);
        let (Some(outbox), Some(id)) = (outbox, run.table.ids().get(E::KEY)) else {
            return;
        };
        let header = Header {
            client_index,
            context: 0,
        };
        let mut pending = outbox.lock();
        let sent = frame::encode(event, *id, header, MAX_PAYLOAD, &mut pending.bytes);
        drop(pending);
        match sent {
            Ok(()) => outbox.wake(),
            Err(error) => tracing::warn!(%error, "cannot encode an event"),
        }
    }
}

impl fmt::Debug for Caller<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Caller").field(&self.client_index()).finish()
    }
}
