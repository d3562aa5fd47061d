use super::At;
use crate::api::interface;
use crate::engine::{Look, Numbers, Result, Undone};

/// The owner's tag on the interface, by which it is found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag;

impl Tag {
    pub(in crate::engine) async fn look(&self, at: &mut At<'_>) -> Result<Look> {
        if at.is_untouched() {
            return Ok(Look::Missing);
        }
        Ok(match at.shown().await? {
            Some(_) => Look::Present,
            None => Look::Missing,
        })
    }

    pub(in crate::engine) async fn apply(&self, at: &mut At<'_>) -> Result<String> {
        let index = at.interface("tag the interface")?;
        interface::set_tag(at.client, index, at.owner).await?;
        at.numbers.shown = None;
        Ok(format!("interface {} tagged {}", index.0, at.owner))
    }

    pub(in crate::engine) async fn undo(&self, _: &mut At<'_>) -> Result<Undone> {
        Ok(Undone::Implied)
    }

    pub(in crate::engine) fn operation(&self) -> String {
        "tag the interface".to_owned()
    }

    pub(in crate::engine) fn describe(&self, _: &Numbers) -> String {
        "the interface's tag".to_owned()
    }
}
