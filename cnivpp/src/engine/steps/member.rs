use crate::api::bridge;
use crate::engine::context::StepContext;
use crate::engine::numbers::Number;
use crate::engine::{Error, Look, Numbers, Result, Undone};

/// The interface's membership in the bridge domain of the previous step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member;

impl Member {
    pub(in crate::engine) async fn look(&self, context: &mut StepContext<'_>) -> Result<Look> {
        let (Some(id), Some(index)) = (context.numbers.bridge_id, context.numbers.interface) else {
            return Ok(Look::Missing);
        };
        if context.is_untouched() {
            return Ok(Look::Missing);
        }
        let bridge = bridge::find(context.client, id).await?;
        Ok(match bridge {
            Some(it) if it.members.contains(&index) => Look::Present,
            _ => Look::Missing,
        })
    }

    pub(in crate::engine) async fn apply(&self, context: &mut StepContext<'_>) -> Result<String> {
        let index = context.interface("join the bridge domain")?;
        let Some(id) = context.numbers.bridge_id else {
            let what = "cannot join the bridge domain: it does not exist".to_owned();
            return Err(Error::Conflict { what });
        };
        bridge::join(context.client, id, index).await?;
        Ok(format!("interface {} added to bridge domain {id}", index.0))
    }

    pub(in crate::engine) async fn undo(&self, context: &mut StepContext<'_>) -> Result<Undone> {
        context.find_tagged().await?;
        let (Some(id), Some(index)) = (context.numbers.bridge_id, context.numbers.interface) else {
            return Ok(Undone::Gone);
        };
        let bridge = bridge::find(context.client, id).await?;
        let is_member = bridge.is_some_and(|it| it.members.contains(&index));
        if !is_member {
            return Ok(Undone::Gone);
        }
        bridge::leave(context.client, id, index).await?;
        let text = format!("interface {} removed from bridge domain {id}", index.0);
        Ok(Undone::Done(text))
    }

    pub(in crate::engine) fn operation(&self) -> String {
        "join the bridge domain".to_owned()
    }

    pub(in crate::engine) fn describe(&self, numbers: &Numbers) -> String {
        let index = Number(numbers.interface.map(|it| it.0));
        let id = Number(numbers.bridge_id);
        format!("interface{index} in bridge domain{id}")
    }
}
