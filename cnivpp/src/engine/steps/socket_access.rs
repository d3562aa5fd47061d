use crate::engine::context::StepContext;
use crate::engine::location::FileLocation;
use crate::engine::{Look, Numbers, Result, Undone};
use crate::files::{Access, socket};

/// The group and mode of the socket file that VPP listens on. VPP creates a memif's with mode
/// 0775 and its own user and group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocketAccess {
    /// The socket file.
    pub location: FileLocation,
    /// The ID of the group; unchanged unless set.
    pub gid: Option<u32>,
    /// The permission bits.
    pub mode: u32,
}

impl SocketAccess {
    pub(in crate::engine) async fn look(&self, _: &mut StepContext<'_>) -> Result<Look> {
        let found = match self.location.open() {
            Err(error) if error.is_missing() => None,
            dir => dir?.metadata(&self.location.name)?,
        };
        let Some(found) = found else {
            return Ok(Look::Missing);
        };
        let is_group = self.gid.is_none_or(|gid| found.gid == gid);
        if is_group && found.mode & 0o7777 == self.mode {
            return Ok(Look::Present);
        }
        let path = self.location.path();
        let (mode, gid) = (found.mode & 0o7777, found.gid);
        let text = format!("{} has mode {mode:o} and group {gid}", path.display());
        Ok(Look::Differs(text))
    }

    pub(in crate::engine) async fn apply(&self, _: &mut StepContext<'_>) -> Result<String> {
        let dir = self.location.open()?;
        let access = Access::mode(self.mode).group(self.gid);
        socket::set_access(&dir, &self.location.name, access)?;
        let path = self.location.path();
        Ok(format!("mode of {} set to {:o}", path.display(), self.mode))
    }

    pub(in crate::engine) async fn undo(&self, _: &mut StepContext<'_>) -> Result<Undone> {
        Ok(Undone::Implied)
    }

    pub(in crate::engine) fn operation(&self) -> String {
        format!("set the mode of {}", self.location.path().display())
    }

    pub(in crate::engine) fn describe(&self, _: &Numbers) -> String {
        format!("mode of {}", self.location.path().display())
    }
}
