use super::At;
use crate::api::interface;
use crate::engine::step::Number;
use crate::engine::{Look, Numbers, Result, Undone};

/// The interface is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdminUp;

impl AdminUp {
    pub(in crate::engine) async fn look(&self, at: &mut At<'_>) -> Result<Look> {
        if at.is_untouched() {
            return Ok(Look::Missing);
        }
        Ok(match at.shown().await? {
            None => Look::Missing,
            Some(it) if it.admin_up => Look::Present,
            Some(_) => Look::Differs("the interface is down".to_owned()),
        })
    }

    pub(in crate::engine) async fn apply(&self, at: &mut At<'_>) -> Result<String> {
        let index = at.interface("set the interface up")?;
        interface::set_admin_up(at.client, index, true).await?;
        at.numbers.shown = None;
        Ok(format!("interface {} set up", index.0))
    }

    pub(in crate::engine) async fn undo(&self, at: &mut At<'_>) -> Result<Undone> {
        let Some(index) = at.numbers.interface else {
            return Ok(Undone::Gone);
        };
        if !at.is_still_ours().await? {
            return Ok(Undone::Gone);
        }
        interface::set_admin_up(at.client, index, false).await?;
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
