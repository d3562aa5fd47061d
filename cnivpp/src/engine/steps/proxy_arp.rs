use crate::api::proxy_arp;
use crate::engine::context::StepContext;
use crate::engine::numbers::Number;
use crate::engine::{Look, Numbers, Result, Undone};

/// Proxy ARP: VPP answers ARP requests on the interface for the network's other pods.
///
/// It is undone explicitly: VPP keeps it for the next interface with the same index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProxyArp;

impl ProxyArp {
    pub(in crate::engine) async fn look(&self, context: &mut StepContext<'_>) -> Result<Look> {
        let Some(index) = context
            .numbers
            .interface
            .filter(|_| !context.is_untouched())
        else {
            return Ok(Look::Missing);
        };
        let enabled = proxy_arp::enabled(context.client).await?;
        Ok(if enabled.contains(&index) {
            Look::Present
        } else {
            Look::Missing
        })
    }

    pub(in crate::engine) async fn apply(&self, context: &mut StepContext<'_>) -> Result<String> {
        let index = context.interface(&self.operation())?;
        proxy_arp::set_enabled(context.client, index, true).await?;
        Ok(format!("proxy ARP enabled on interface {}", index.0))
    }

    pub(in crate::engine) async fn undo(&self, context: &mut StepContext<'_>) -> Result<Undone> {
        let Some(index) = context.find_tagged().await? else {
            return Ok(Undone::Gone);
        };
        proxy_arp::set_enabled(context.client, index, false).await?;
        let text = format!("proxy ARP disabled on interface {}", index.0);
        Ok(Undone::Done(text))
    }

    pub(in crate::engine) fn operation(&self) -> String {
        "enable proxy ARP".to_owned()
    }

    pub(in crate::engine) fn describe(&self, numbers: &Numbers) -> String {
        let index = Number(numbers.interface.map(|it| it.0));
        format!("proxy ARP on interface{index}")
    }
}
