use std::fmt;
use std::sync::Arc;

use vpp_wire::frame::{self, MAX_PAYLOAD};
use vpp_wire::{DecodeError, Dump, Event, Header, Message, Request};

use super::Call;
use super::forms::answering;

/// Handles one payload of a plugin's message.
type Handler = Arc<dyn Fn(&mut Call<'_>, &[u8]) -> Result<(), DecodeError> + Send + Sync>;

/// A plugin of VPP with messages of its own, which are none of those that the simulator knows:
/// they get ids and a place in the message table, and closures answer them.
///
/// Faults apply to them as to all others: one that refuses a request keeps its closure from
/// being called. What closures remember is theirs; a restart of VPP does not clear it.
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

/// A message of a plugin; nothing handles replies, details and events.
#[derive(Clone)]
pub(super) struct PluginMessage {
    pub(super) name: &'static str,
    pub(super) key: &'static str,
    pub(super) handler: Option<Handler>,
}

impl Plugin {
    /// A plugin without messages; the name is that of its API module.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            messages: Vec::new(),
        }
    }

    /// A request and its reply.
    #[must_use]
    pub fn request<R>(
        self,
        handle: impl Fn(R, &mut Caller<'_, '_>) -> R::Reply + Send + Sync + 'static,
    ) -> Self
    where
        R: Request,
        R::Reply: Default,
    {
        let handler: Handler = Arc::new(answering(move |call, request: R| {
            Ok(handle(request, &mut Caller(call)))
        }));
        self.with::<R>(Some(handler)).with::<R::Reply>(None)
    }

    /// A dump and its details.
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

    /// An event, which closures send by [`Caller::tell`].
    #[must_use]
    pub fn event<E: Event>(self) -> Self {
        self.with::<E>(None)
    }

    /// Two dumps may have the same details: a message counts once.
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

/// Who sent a request.
pub struct Caller<'a, 'b>(&'a mut Call<'b>);

impl Caller<'_, '_> {
    /// The client, as requests name it and [`tell`](Self::tell) takes it.
    #[must_use]
    pub fn client_index(&self) -> u32 {
        self.0.client_index()
    }

    /// Sends an event to a client, before the answer to the request at hand; nothing where
    /// that client is gone, or the plugin has no such [`event`](Plugin::event).
    pub fn tell<E: Event>(&mut self, client_index: u32, event: &E) {
        let core = &self.0.core;
        let outbox = core.clients.resolve(client_index);
        let (Some(outbox), Some(id)) = (outbox, core.table.ids().get(E::KEY)) else {
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
            Err(error) => tracing::warn!(%error, "an event that cannot be sent"),
        }
    }
}

impl fmt::Debug for Caller<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Caller").field(&self.client_index()).finish()
    }
}
