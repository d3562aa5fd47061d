use vpp_bindings::wire::VppError;

use super::At;
use crate::api::{InterfaceIndex, interface, memif};
use crate::engine::step::Number;
use crate::engine::{Error, Look, Numbers, Result, Undone};

/// A memif on the socket of the step before.
///
/// VPP gives it no tag at first. Between its creation and the next step it is known by its
/// socket file, its number there and its MAC address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memif {
    /// The name of the socket, as VPP sees it.
    pub filename: String,
    /// Its parameters; the socket's number comes from the step before.
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

    /// The interface of the owner: by its tag, or without a tag by socket, number and MAC.
    async fn locate(&self, at: &mut At<'_>) -> Result<Option<InterfaceIndex>> {
        if let Some(index) = at.find_tagged().await? {
            return Ok(Some(index));
        }
        if at.is_fresh {
            return Ok(None);
        }
        let Some(found) = self.find_untagged(at).await? else {
            return Ok(None);
        };
        let shown = interface::find(at.client, found.sw_if_index).await?;
        // Another owner's tag means that it is another's, whatever else is the same.
        if shown.as_ref().is_some_and(|it| it.tag.is_empty()) {
            at.numbers.interface = Some(found.sw_if_index);
            at.numbers.socket_id = Some(found.socket_id);
            at.numbers.shown = shown;
        }
        Ok(at.numbers.interface)
    }

    /// Forgets the number of the socket unless the interface is on it: it may be one of an
    /// earlier VPP. Then the socket is looked for by its name.
    fn verify_socket(&self, at: &mut At<'_>) {
        let prefix = at.numbers.socket_id.map(|id| format!("memif{id}/"));
        let shown = at.numbers.shown.as_ref();
        let is_on_socket = |prefix: String| shown.is_some_and(|it| it.name.starts_with(&prefix));
        if !prefix.is_some_and(is_on_socket) {
            at.numbers.socket_id = None;
        }
    }

    async fn find_untagged(&self, at: &At<'_>) -> Result<Option<memif::Memif>> {
        let sockets = memif::dump_sockets(at.client).await?;
        let is_ours = |it: &&memif::Socket| memif::is_same_file(it, &self.filename, &sockets);
        let ids: Vec<u32> = sockets.iter().filter(is_ours).map(|it| it.id).collect();
        if ids.is_empty() {
            return Ok(None);
        }
        let all = memif::dump(at.client).await?;
        let is_this = |it: &memif::Memif| {
            it.id == self.create.id
                && self.create.mac.is_none_or(|mac| it.mac == mac)
                && ids.contains(&it.socket_id)
        };
        Ok(all.into_iter().find(is_this))
    }

    pub(in crate::engine) async fn look(&self, at: &mut At<'_>) -> Result<Look> {
        Ok(match self.locate(at).await? {
            Some(_) => Look::Present,
            None => Look::Missing,
        })
    }

    pub(in crate::engine) async fn apply(&self, at: &mut At<'_>) -> Result<String> {
        let Some(socket_id) = at.numbers.socket_id else {
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
        let index = memif::create(at.client, &create).await?;
        at.numbers.interface = Some(index);
        at.numbers.is_new = true;
        at.numbers.shown = None;
        let id = self.create.id;
        Ok(format!(
            "memif{socket_id}/{id} created, interface {}",
            index.0
        ))
    }

    pub(in crate::engine) async fn undo(&self, at: &mut At<'_>) -> Result<Undone> {
        let located = self.locate(at).await?;
        self.verify_socket(at);
        let Some(index) = located else {
            return Ok(Undone::Gone);
        };
        let text = format!("{} deleted", self.describe(at.numbers));
        let deleted = memif::delete(at.client, index).await;
        // Whether it still exists is looked up the next time.
        at.numbers.interface = None;
        at.numbers.shown = None;
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
