use crate::api::interface;
use crate::engine::context::StepContext;
use crate::engine::{Look, Numbers, Result, Undone};

/// The owner's tag, which identifies the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag;

impl Tag {
    pub(in crate::engine) async fn look(&self, context: &mut StepContext<'_>) -> Result<Look> {
        if context.is_untouched() {
            return Ok(Look::Missing);
        }
        Ok(match context.shown().await? {
            Some(_) => Look::Present,
            None => Look::Missing,
        })
    }

    pub(in crate::engine) async fn apply(&self, context: &mut StepContext<'_>) -> Result<String> {
        let index = context.interface("tag the interface")?;
        interface::set_tag(context.client, index, context.owner).await?;
        context.numbers.shown = None;
        Ok(format!("interface {} tagged {}", index.0, context.owner))
    }

    pub(in crate::engine) async fn undo(&self, _: &mut StepContext<'_>) -> Result<Undone> {
        Ok(Undone::Implied)
    }

    pub(in crate::engine) fn operation(&self) -> String {
        "tag the interface".to_owned()
    }

    pub(in crate::engine) fn describe(&self, _: &Numbers) -> String {
        "the interface's tag".to_owned()
    }
}
