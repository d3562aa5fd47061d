use vpp_bindings::wire::VppError;

use crate::api::{InterfaceIndex, interface, memif};
use crate::engine::context::StepContext;
use crate::engine::numbers::Number;
use crate::engine::{Error, Look, Numbers, Result, Undone};

/// A memif on the socket of the previous step.
///
/// VPP creates it without a tag. Until the next step it is identified by its socket file, its ID
/// there and its MAC address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memif {
    /// The name of the socket, as VPP sees it.
    pub filename: String,
    /// Its parameters. The socket's ID comes from the previous step.
    pub create: memif::Create,
}

impl Memif {
    /// A memif with these parameters.
    #[must_use]
    pub fn new(filename: impl Into<String>, create: memif::Create) -> Self {
        Self {
            filename: filename.into(),
            create,
        }
    }

    /// Finds the owner's interface: by its tag, or without a tag by socket, ID and MAC address.
    async fn locate(&self, context: &mut StepContext<'_>) -> Result<Option<InterfaceIndex>> {
        if let Some(index) = context.find_tagged().await? {
            return Ok(Some(index));
        }
        if context.is_fresh {
            return Ok(None);
        }
        let Some(found) = self.find_untagged(context).await? else {
            return Ok(None);
        };
        let shown = interface::find(context.client, found.sw_if_index).await?;
        // An interface with another tag belongs to another owner, even if the rest is equal.
        if shown.as_ref().is_some_and(|it| it.tag.is_empty()) {
            context.numbers.interface = Some(found.sw_if_index);
            context.numbers.socket_id = Some(found.socket_id);
            context.numbers.shown = shown;
        }
        Ok(context.numbers.interface)
    }

    /// Clears the ID of the socket unless the interface is on it: it may be from an earlier VPP.
    /// The socket is then looked up by name.
    fn verify_socket(&self, context: &mut StepContext<'_>) {
        let prefix = context.numbers.socket_id.map(|id| format!("memif{id}/"));
        let shown = context.numbers.shown.as_ref();
        let is_on_socket = |prefix: String| shown.is_some_and(|it| it.name.starts_with(&prefix));
        if !prefix.is_some_and(is_on_socket) {
            context.numbers.socket_id = None;
        }
    }

    async fn find_untagged(&self, context: &StepContext<'_>) -> Result<Option<memif::Memif>> {
        let sockets = memif::dump_sockets(context.client).await?;
        let is_ours = |it: &&memif::Socket| memif::is_same_file(it, &self.filename, &sockets);
        let ids: Vec<u32> = sockets.iter().filter(is_ours).map(|it| it.id).collect();
        if ids.is_empty() {
            return Ok(None);
        }
        let all = memif::dump(context.client).await?;
        let is_this = |it: &memif::Memif| {
            it.id == self.create.id
                && self.create.mac.is_none_or(|mac| it.mac == mac)
                && ids.contains(&it.socket_id)
        };
        Ok(all.into_iter().find(is_this))
    }

    pub(in crate::engine) async fn look(&self, context: &mut StepContext<'_>) -> Result<Look> {
        Ok(match self.locate(context).await? {
            Some(_) => Look::Present,
            None => Look::Missing,
        })
    }

    pub(in crate::engine) async fn apply(&self, context: &mut StepContext<'_>) -> Result<String> {
        let Some(socket_id) = context.numbers.socket_id else {
            let what = format!(
                "cannot create the memif: VPP has no socket {}",
                self.filename
            );
            return Err(Error::Conflict { what });
        };
        let create = memif::Create {
            socket_id,
            ..self.create.clone()
        };
        let index = memif::create(context.client, &create).await?;
        context.numbers.interface = Some(index);
        context.numbers.is_new = true;
        context.numbers.shown = None;
        let id = self.create.id;
        Ok(format!(
            "memif{socket_id}/{id} created, interface {}",
            index.0
        ))
    }

    pub(in crate::engine) async fn undo(&self, context: &mut StepContext<'_>) -> Result<Undone> {
        let located = self.locate(context).await?;
        self.verify_socket(context);
        let Some(index) = located else {
            return Ok(Undone::Gone);
        };
        let text = format!("{} deleted", self.describe(context.numbers));
        let deleted = memif::delete(context.client, index).await;
        // The next attempt looks whether it still exists.
        context.numbers.interface = None;
        context.numbers.shown = None;
        match deleted {
            Ok(()) => Ok(Undone::Done(text)),
            Err(error) if error.vpp_error() == Some(VppError::INVALID_SW_IF_INDEX) => {
                Ok(Undone::Gone)
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(in crate::engine) fn operation(&self) -> String {
        "create the memif".to_owned()
    }

    pub(in crate::engine) fn describe(&self, numbers: &Numbers) -> String {
        let id = self.create.id;
        let index = Number(numbers.interface.map(|it| it.0));
        match numbers.socket_id {
            Some(socket_id) => format!("memif{socket_id}/{id}, interface{index}"),
            None => format!("memif {id} on {}, interface{index}", self.filename),
        }
    }
}
