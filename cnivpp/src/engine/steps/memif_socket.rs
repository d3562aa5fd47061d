use std::path::Path;

use vpp_bindings::wire::VppError;

use crate::api::memif::{self, Role, Socket};
use crate::engine::context::StepContext;
use crate::engine::numbers::Number;
use crate::engine::{FileLocation, Look, Numbers, Result, Undone};

/// A memif socket: VPP's ID for a socket file.
///
/// An existing one is used and kept. VPP refuses to remove one that a memif uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemifSocket {
    /// The name as VPP sees it: a path, a name in VPP's runtime folder, or `abstract:…`.
    pub filename: String,
    /// The ID; chosen by VPP unless set.
    pub id: Option<u32>,
    /// VPP's end. A master creates the file.
    pub role: Role,
    /// The file as this process sees it, if known.
    pub location: Option<FileLocation>,
    /// Whether no other owner has this name. If so, it is not looked up on VPP while the file does
    /// not exist, and it is an error if it cannot be removed because a memif uses it.
    pub is_own_name: bool,
}

impl MemifSocket {
    /// A socket with this name. VPP chooses the ID.
    #[must_use]
    pub fn new(filename: impl Into<String>, role: Role) -> Self {
        let filename = filename.into();
        Self {
            location: FileLocation::of(Path::new(&filename)),
            filename,
            id: None,
            role,
            is_own_name: false,
        }
    }

    /// The file that VPP creates, as this process sees it.
    pub(in crate::engine) fn listening_at(&self, numbers: &Numbers) -> Option<FileLocation> {
        let resolved = || FileLocation::of(numbers.socket_file.as_deref()?);
        let location = self.location.clone().or_else(resolved);
        location.filter(|_| self.role == Role::Master)
    }

    async fn find(&self, context: &mut StepContext<'_>) -> Result<Option<Socket>> {
        let all = memif::dump_sockets(context.client).await?;
        context.numbers.socket_file = memif::resolve(&self.filename, &all);
        let is_this = |it: &&Socket| {
            memif::is_same_file(it, &self.filename, &all) && self.id.is_none_or(|id| it.id == id)
        };
        Ok(all.iter().find(is_this).cloned())
    }

    fn is_known_missing(&self, context: &StepContext<'_>) -> bool {
        let is_free = match &self.location {
            Some(location) => !location.exists(),
            None => self.filename.starts_with("abstract:"),
        };
        context.is_fresh && self.is_own_name && is_free
    }

    pub(in crate::engine) async fn look(&self, context: &mut StepContext<'_>) -> Result<Look> {
        if self.is_known_missing(context) {
            return Ok(Look::Missing);
        }
        // The ID of an earlier run is valid if the owner's interface is on that socket.
        if let (Some(id), Some(interface)) = (context.numbers.socket_id, context.shown().await?)
            && interface.name.starts_with(&format!("memif{id}/"))
        {
            return Ok(Look::Present);
        }
        let found = self.find(context).await?;
        context.numbers.socket_id = found.map(|it| it.id);
        Ok(match context.numbers.socket_id {
            Some(_) => Look::Present,
            None => Look::Missing,
        })
    }

    pub(in crate::engine) async fn apply(&self, context: &mut StepContext<'_>) -> Result<String> {
        let id = memif::add_socket(context.client, self.id, &self.filename).await?;
        context.numbers.socket_id = Some(id);
        Ok(format!("memif socket {id} added, {}", self.filename))
    }

    pub(in crate::engine) async fn undo(&self, context: &mut StepContext<'_>) -> Result<Undone> {
        let is_unresolved = self.location.is_none() && context.numbers.socket_file.is_none();
        if context.numbers.socket_id.is_none() || is_unresolved {
            context.numbers.socket_id = self.find(context).await?.map(|it| it.id);
        }
        let mut undone = Undone::Gone;
        if let Some(id) = context.numbers.socket_id {
            undone = match memif::delete_socket(context.client, id).await {
                Ok(()) => {
                    let filename = &self.filename;
                    Undone::Done(format!("memif socket {id} deleted, {filename}"))
                }
                Err(error) => match error.vpp_error() {
                    Some(VppError::INVALID_ARGUMENT) => Undone::Gone,
                    Some(VppError::UNEXPECTED_INTF_STATE) if !self.is_own_name => {
                        return Ok(Undone::Kept("other memifs use it".to_owned()));
                    }
                    _ => return Err(error.into()),
                },
            };
        }
        if let Some(location) = self.listening_at(context.numbers)
            && location.remove_stale_socket().await?
        {
            undone = match undone {
                Undone::Done(text) => Undone::Done(format!("{text} removed")),
                _ => Undone::Done(format!("socket file {} removed", location.path().display())),
            };
        }
        Ok(undone)
    }

    pub(in crate::engine) fn operation(&self) -> String {
        format!("add the memif socket {}", self.filename)
    }

    pub(in crate::engine) fn describe(&self, numbers: &Numbers) -> String {
        let id = Number(numbers.socket_id.or(self.id));
        format!("memif socket{id} {}", self.filename)
    }
}
