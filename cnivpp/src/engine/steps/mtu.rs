use crate::api::interface;
use crate::engine::context::StepContext;
use crate::engine::numbers::Number;
use crate::engine::{Look, Numbers, Result, Undone};

/// The MTU of the interface: the largest packet of layer 3, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mtu {
    /// The size in bytes.
    pub mtu: u32,
}

impl Mtu {
    pub(in crate::engine) async fn look(&self, context: &mut StepContext<'_>) -> Result<Look> {
        if context.is_untouched() {
            return Ok(Look::Missing);
        }
        Ok(match context.shown().await? {
            None => Look::Missing,
            Some(it) if it.mtu == self.mtu => Look::Present,
            Some(it) => Look::Differs(format!("the MTU is {} instead of {}", it.mtu, self.mtu)),
        })
    }

    pub(in crate::engine) async fn apply(&self, context: &mut StepContext<'_>) -> Result<String> {
        let index = context.interface("set the MTU")?;
        interface::set_mtu(context.client, index, self.mtu).await?;
        context.numbers.shown = None;
        Ok(format!("MTU of interface {} set to {}", index.0, self.mtu))
    }

    pub(in crate::engine) async fn undo(&self, _: &mut StepContext<'_>) -> Result<Undone> {
        Ok(Undone::Implied)
    }

    pub(in crate::engine) fn operation(&self) -> String {
        format!("set the MTU to {}", self.mtu)
    }

    pub(in crate::engine) fn describe(&self, numbers: &Numbers) -> String {
        let index = Number(numbers.interface.map(|it| it.0));
        format!("MTU of interface{index}")
    }
}
