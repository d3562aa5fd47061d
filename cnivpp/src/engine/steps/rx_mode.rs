use crate::api::interface;
use crate::engine::context::StepContext;
use crate::engine::numbers::Number;
use crate::engine::{Look, Numbers, Result, Undone};

/// The receive mode of the interface. VPP does not show it for a memif, so every walk sets it.
/// VPP applies it only while the peer is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RxMode {
    /// The mode of all queues.
    pub mode: interface::RxMode,
}

impl RxMode {
    pub(in crate::engine) async fn look(&self, _: &mut StepContext<'_>) -> Result<Look> {
        Ok(Look::Unknown)
    }

    pub(in crate::engine) async fn apply(&self, context: &mut StepContext<'_>) -> Result<String> {
        let index = context.interface("set the rx mode")?;
        interface::set_rx_mode(context.client, index, self.mode).await?;
        Ok(format!("rx mode of interface {} set", index.0))
    }

    pub(in crate::engine) async fn undo(&self, _: &mut StepContext<'_>) -> Result<Undone> {
        Ok(Undone::Implied)
    }

    pub(in crate::engine) fn operation(&self) -> String {
        "set the rx mode".to_owned()
    }

    pub(in crate::engine) fn describe(&self, numbers: &Numbers) -> String {
        let index = Number(numbers.interface.map(|it| it.0));
        format!("rx mode of interface{index}")
    }
}
