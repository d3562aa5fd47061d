use crate::api::interface;
use crate::engine::context::StepContext;
use crate::engine::numbers::Number;
use crate::engine::{Look, Numbers, Result, Undone};

/// The admin state of the interface: up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdminUp;

impl AdminUp {
    pub(in crate::engine) async fn look(&self, context: &mut StepContext<'_>) -> Result<Look> {
        if context.is_untouched() {
            return Ok(Look::Missing);
        }
        Ok(match context.shown().await? {
            None => Look::Missing,
            Some(it) if it.admin_up => Look::Present,
            Some(_) => Look::Differs("the interface is down".to_owned()),
        })
    }

    pub(in crate::engine) async fn apply(&self, context: &mut StepContext<'_>) -> Result<String> {
        let index = context.interface("set the interface up")?;
        interface::set_admin_up(context.client, index, true).await?;
        context.numbers.shown = None;
        Ok(format!("interface {} set up", index.0))
    }

    pub(in crate::engine) async fn undo(&self, context: &mut StepContext<'_>) -> Result<Undone> {
        let Some(index) = context.numbers.interface else {
            return Ok(Undone::Gone);
        };
        if !context.is_still_ours().await? {
            return Ok(Undone::Gone);
        }
        interface::set_admin_up(context.client, index, false).await?;
        Ok(Undone::Done(format!("interface {} set down", index.0)))
    }

    pub(in crate::engine) fn operation(&self) -> String {
        "set the interface up".to_owned()
    }

    pub(in crate::engine) fn describe(&self, numbers: &Numbers) -> String {
        let index = Number(numbers.interface.map(|it| it.0));
        format!("state of interface{index}")
    }
}
