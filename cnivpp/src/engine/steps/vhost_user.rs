use vpp_bindings::wire::VppError;

use super::At;
use crate::api::{InterfaceIndex, interface, vhostuser};
use crate::engine::step::Number;
use crate::engine::{Look, Numbers, Place, Result, Undone};

/// A vhost-user interface. Its request has the tag.
///
/// VPP removes the socket file of a server with its interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VhostUser {
    /// Its parameters; the tag is the owner's.
    pub create: vhostuser::Create,
    /// The file as this process sees it; unset where it cannot be known.
    pub place: Option<Place>,
}

impl VhostUser {
    /// The file that VPP creates, as this process sees it.
    pub(in crate::engine) fn listening_at(&self) -> Option<Place> {
        self.place.clone().filter(|_| self.create.is_server)
    }

    /// The interface of the owner, by its tag; or by its file where VPP has lost the tag.
    async fn locate(&self, at: &mut At<'_>) -> Result<Option<InterfaceIndex>> {
        if let Some(index) = at.find_tagged().await? {
            return Ok(Some(index));
        }
        if at.is_fresh {
            return Ok(None);
        }
        let all = vhostuser::dump(at.client).await?;
        let on_file = |it: &&vhostuser::VhostUser| it.filename == self.create.filename;
        for found in all.iter().filter(on_file) {
            let shown = interface::find(at.client, found.sw_if_index).await?;
            let is_untagged = shown.as_ref().is_some_and(|it| it.tag.is_empty());
            let has_mac = |it: &interface::Interface| self.create.mac == Some(it.mac);
            if is_untagged && shown.as_ref().is_some_and(has_mac) {
                at.numbers.interface = Some(found.sw_if_index);
                at.numbers.shown = shown;
            }
        }
        Ok(at.numbers.interface)
    }

    pub(in crate::engine) async fn look(&self, at: &mut At<'_>) -> Result<Look> {
        Ok(match self.locate(at).await? {
            Some(_) => Look::Present,
            None => Look::Missing,
        })
    }

    pub(in crate::engine) async fn apply(&self, at: &mut At<'_>) -> Result<String> {
        let create = vhostuser::Create {
            tag: at.owner.to_owned(),
            ..self.create.clone()
        };
        let index = vhostuser::create(at.client, &create).await?;
        at.numbers.interface = Some(index);
        at.numbers.is_new = true;
        at.numbers.shown = None;
        let filename = &self.create.filename;
        Ok(format!(
            "vhost-user interface {} created, {filename}",
            index.0
        ))
    }

    pub(in crate::engine) async fn undo(&self, at: &mut At<'_>) -> Result<Undone> {
        let Some(index) = self.locate(at).await? else {
            return self.remove_file().await;
        };
        let text = format!("{} deleted", self.describe(at.numbers));
        let deleted = vhostuser::delete(at.client, index).await;
        // Whether it still exists is looked up the next time.
        at.numbers.interface = None;
        at.numbers.shown = None;
        match deleted {
            Ok(()) => Ok(Undone::Done(text)),
            Err(error) if error.vpp_error() == Some(VppError::INVALID_SW_IF_INDEX) => {
                self.remove_file().await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Removes the file that a VPP left when it exited.
    async fn remove_file(&self) -> Result<Undone> {
        if let Some(place) = self.listening_at()
            && place.remove_stale_socket().await?
        {
            let text = format!("socket file {} removed", place.path().display());
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
