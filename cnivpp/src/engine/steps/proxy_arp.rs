use super::At;
use crate::api::proxy_arp;
use crate::engine::step::Number;
use crate::engine::{Look, Numbers, Result, Undone};

/// VPP answers ARP requests on the interface for the network's other pods.
///
/// Undone explicitly: VPP keeps it for the next interface with the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProxyArp;

impl ProxyArp {
    pub(in crate::engine) async fn look(&self, at: &mut At<'_>) -> Result<Look> {
        let Some(index) = at.numbers.interface.filter(|_| !at.is_untouched()) else {
            return Ok(Look::Missing);
        };
        let enabled = proxy_arp::enabled(at.client).await?;
        Ok(if enabled.contains(&index) {
            Look::Present
        } else {
            Look::Missing
        })
    }

    pub(in crate::engine) async fn apply(&self, at: &mut At<'_>) -> Result<String> {
        let index = at.interface(&self.operation())?;
        proxy_arp::set_enabled(at.client, index, true).await?;
        Ok(format!("proxy ARP enabled on interface {}", index.0))
    }

    pub(in crate::engine) async fn undo(&self, at: &mut At<'_>) -> Result<Undone> {
        let Some(index) = at.find_tagged().await? else {
            return Ok(Undone::Gone);
        };
        proxy_arp::set_enabled(at.client, index, false).await?;
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
