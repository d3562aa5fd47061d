use vpp_bindings::client::Client;

use super::{Error, Numbers, Result};
use crate::api::InterfaceIndex;
use crate::api::interface::{self, Interface};

/// The VPP, the owner and the known numbers with which a step is looked up, done and undone.
#[derive(Debug)]
pub(super) struct StepContext<'a> {
    pub(super) client: &'a Client,
    /// The tag of everything that this owner creates.
    pub(super) owner: &'a str,
    pub(super) numbers: &'a mut Numbers,
    /// Whether this owner has created nothing yet, so that its interface need not be looked for.
    pub(super) is_fresh: bool,
}

impl StepContext<'_> {
    /// The interface that the previous steps have created or found.
    pub(super) fn interface(&self, operation: &str) -> Result<InterfaceIndex> {
        self.numbers.interface.ok_or_else(|| Error::Conflict {
            what: format!("cannot {operation}: the interface does not exist"),
        })
    }

    /// The owner's interface as VPP shows it. Requests it once per walk. `None` if the interface
    /// does not exist or has another tag.
    pub(super) async fn shown(&mut self) -> Result<Option<&Interface>> {
        if self.numbers.shown.is_none()
            && let Some(index) = self.numbers.interface
        {
            self.numbers.shown = interface::find(self.client, index).await?;
        }
        let owner = self.owner;
        Ok(self.numbers.shown.as_ref().filter(|it| it.tag == owner))
    }

    /// Whether no step has changed the interface, so that its settings need not be looked up.
    pub(super) fn is_untouched(&self) -> bool {
        self.is_fresh || self.numbers.is_new
    }

    /// Whether the interface still has the owner's tag. Requests it each time.
    pub(super) async fn is_still_ours(&mut self) -> Result<bool> {
        self.numbers.shown = None;
        Ok(self.shown().await?.is_some())
    }

    /// Finds the interface with the owner's tag: first by the known index, then among all
    /// interfaces.
    pub(super) async fn find_tagged(&mut self) -> Result<Option<InterfaceIndex>> {
        if self.shown().await?.is_some() {
            return Ok(self.numbers.interface);
        }
        self.numbers.interface = None;
        self.numbers.shown = None;
        if self.is_fresh {
            return Ok(None);
        }
        let all = interface::dump(self.client).await?;
        let found = all.into_iter().find(|it| it.tag == self.owner);
        self.numbers.interface = found.as_ref().map(|it| it.sw_if_index);
        self.numbers.shown = found;
        Ok(self.numbers.interface)
    }
}
