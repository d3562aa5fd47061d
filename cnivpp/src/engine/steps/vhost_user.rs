use vpp_bindings::wire::VppError;

use crate::api::{InterfaceIndex, interface, vhostuser};
use crate::engine::context::StepContext;
use crate::engine::numbers::Number;
use crate::engine::{FileLocation, Look, Numbers, Result, Undone};

/// A vhost-user interface. The request that creates it has the tag.
///
/// VPP removes the socket file of a server with the interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VhostUser {
    /// Its parameters. The tag is replaced by the owner's.
    pub create: vhostuser::Create,
    /// The file as this process sees it, if known.
    pub location: Option<FileLocation>,
}

impl VhostUser {
    /// The file that VPP creates, as this process sees it.
    pub(in crate::engine) fn listening_at(&self) -> Option<FileLocation> {
        self.location.clone().filter(|_| self.create.is_server)
    }

    /// Finds the owner's interface: by its tag, or by its file if VPP has lost the tag.
    async fn locate(&self, context: &mut StepContext<'_>) -> Result<Option<InterfaceIndex>> {
        if let Some(index) = context.find_tagged().await? {
            return Ok(Some(index));
        }
        if context.is_fresh {
            return Ok(None);
        }
        let all = vhostuser::dump(context.client).await?;
        let on_file = |it: &&vhostuser::VhostUser| it.filename == self.create.filename;
        for found in all.iter().filter(on_file) {
            let shown = interface::find(context.client, found.sw_if_index).await?;
            let is_untagged = shown.as_ref().is_some_and(|it| it.tag.is_empty());
            let has_mac = |it: &interface::Interface| self.create.mac == Some(it.mac);
            if is_untagged && shown.as_ref().is_some_and(has_mac) {
                context.numbers.interface = Some(found.sw_if_index);
                context.numbers.shown = shown;
            }
        }
        Ok(context.numbers.interface)
    }

    pub(in crate::engine) async fn look(&self, context: &mut StepContext<'_>) -> Result<Look> {
        Ok(match self.locate(context).await? {
            Some(_) => Look::Present,
            None => Look::Missing,
        })
    }

    pub(in crate::engine) async fn apply(&self, context: &mut StepContext<'_>) -> Result<String> {
        let create = vhostuser::Create {
            tag: context.owner.to_owned(),
            ..self.create.clone()
        };
        let index = vhostuser::create(context.client, &create).await?;
        context.numbers.interface = Some(index);
        context.numbers.is_new = true;
        context.numbers.shown = None;
        let filename = &self.create.filename;
        Ok(format!(
            "vhost-user interface {} created, {filename}",
            index.0
        ))
    }

    pub(in crate::engine) async fn undo(&self, context: &mut StepContext<'_>) -> Result<Undone> {
        let Some(index) = self.locate(context).await? else {
            return self.remove_file().await;
        };
        let text = format!("{} deleted", self.describe(context.numbers));
        let deleted = vhostuser::delete(context.client, index).await;
        // The next attempt looks whether it still exists.
        context.numbers.interface = None;
        context.numbers.shown = None;
        match deleted {
            Ok(()) => Ok(Undone::Done(text)),
            Err(error) if error.vpp_error() == Some(VppError::INVALID_SW_IF_INDEX) => {
                self.remove_file().await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Removes the file that VPP has left when it exited.
    async fn remove_file(&self) -> Result<Undone> {
        if let Some(location) = self.listening_at()
            && location.remove_stale_socket().await?
        {
            let text = format!("socket file {} removed", location.path().display());
            return Ok(Undone::Done(text));
        }
        Ok(Undone::Gone)
    }

    pub(in crate::engine) fn operation(&self) -> String {
        "create the vhost-user interface".to_owned()
    }

    pub(in crate::engine) fn describe(&self, numbers: &Numbers) -> String {
        let index = Number(numbers.interface.map(|it| it.0));
        format!("vhost-user interface{index} on {}", self.create.filename)
    }
}
