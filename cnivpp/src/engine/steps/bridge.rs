use vpp_bindings::wire::VppError;

use crate::api::bridge;
use crate::engine::context::StepContext;
use crate::engine::numbers::Number;
use crate::engine::{Look, Numbers, Result, Undone};

/// A bridge domain.
///
/// An existing one is used. It is deleted only if it has this tag and no members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bridge {
    /// Its ID; chosen by VPP unless set.
    pub id: Option<u32>,
    /// The tag that identifies its owner.
    pub tag: String,
    /// Whether other owners with the same tag use it. If so, one with members is kept, and
    /// that is not an error.
    pub is_shared: bool,
}

impl Bridge {
    async fn find(&self, context: &StepContext<'_>) -> Result<Option<bridge::Bridge>> {
        if let Some(id) = self.id.or(context.numbers.bridge_id) {
            return Ok(bridge::find(context.client, id).await?);
        }
        let all = bridge::dump(context.client).await?;
        Ok(all.into_iter().find(|it| it.tag == self.tag))
    }

    pub(in crate::engine) async fn look(&self, context: &mut StepContext<'_>) -> Result<Look> {
        if self.id.is_none() && context.is_fresh {
            return Ok(Look::Missing);
        }
        let found = self.find(context).await?;
        context.numbers.bridge_id = found.as_ref().map(|it| it.id);
        Ok(match found {
            Some(_) => Look::Present,
            None => Look::Missing,
        })
    }

    pub(in crate::engine) async fn apply(&self, context: &mut StepContext<'_>) -> Result<String> {
        let id = bridge::create(context.client, self.id, &self.tag).await?;
        context.numbers.bridge_id = Some(id);
        Ok(format!("bridge domain {id} created"))
    }

    pub(in crate::engine) async fn undo(&self, context: &mut StepContext<'_>) -> Result<Undone> {
        let found = self.find(context).await?.filter(|it| it.tag == self.tag);
        let Some(found) = found else {
            return Ok(Undone::Gone);
        };
        let members = found.members.len();
        if self.is_shared && members > 0 {
            return Ok(Undone::Kept(format!("it has {members} members")));
        }
        match bridge::delete(context.client, found.id).await {
            Ok(()) => Ok(Undone::Done(format!("bridge domain {} deleted", found.id))),
            Err(error) if error.vpp_error() == Some(VppError::NO_SUCH_ENTRY) => Ok(Undone::Gone),
            Err(error) => Err(error.into()),
        }
    }

    pub(in crate::engine) fn operation(&self) -> String {
        "create the bridge domain".to_owned()
    }

    pub(in crate::engine) fn describe(&self, numbers: &Numbers) -> String {
        format!("bridge domain{}", Number(numbers.bridge_id.or(self.id)))
    }
}
