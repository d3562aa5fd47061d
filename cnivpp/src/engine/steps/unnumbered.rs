use crate::api::interface;
use crate::engine::context::StepContext;
use crate::engine::numbers::Number;
use crate::engine::{Error, Look, Numbers, Result, Undone};

/// The unnumbered setting: the interface uses the addresses of its network's gateway, in the
/// network's table.
///
/// It is undone explicitly, before the interface: VPP 26.06 clears it with the interface, but
/// older releases were not examined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unnumbered {
    /// The table of the network.
    pub table: u32,
    /// Whether the network has IPv6 addresses. IPv6 must be enabled explicitly on an unnumbered
    /// interface.
    pub has_ipv6: bool,
}

impl Unnumbered {
    pub(in crate::engine) async fn look(&self, context: &mut StepContext<'_>) -> Result<Look> {
        let Some(index) = context
            .numbers
            .interface
            .filter(|_| !context.is_untouched())
        else {
            return Ok(Look::Missing);
        };
        let found = interface::unnumbered(context.client, Some(index)).await?;
        let lender = found.iter().find(|(of, _)| *of == index).map(|it| it.1);
        if lender.is_none() || lender != context.numbers.gateway {
            return Ok(Look::Missing);
        }
        for is_ipv6 in [false, true] {
            let table = interface::table(context.client, index, is_ipv6).await?;
            if table != self.table {
                let text = format!(
                    "the interface is in table {table} instead of {}",
                    self.table
                );
                return Ok(Look::Differs(text));
            }
        }
        Ok(Look::Present)
    }

    pub(in crate::engine) async fn apply(&self, context: &mut StepContext<'_>) -> Result<String> {
        let index = context.interface("share the gateway's addresses")?;
        let Some(gateway) = context.numbers.gateway else {
            let what = "cannot share the gateway's addresses: it does not exist".to_owned();
            return Err(Error::Conflict { what });
        };
        if self.table != 0 {
            for is_ipv6 in [false, true] {
                interface::set_table(context.client, index, is_ipv6, self.table).await?;
            }
        }
        interface::set_unnumbered(context.client, index, Some(gateway)).await?;
        if self.has_ipv6 {
            interface::set_ip6_enabled(context.client, index, true).await?;
        }
        let text = format!(
            "interface {} shares the addresses of interface {}",
            index.0, gateway.0
        );
        Ok(text)
    }

    pub(in crate::engine) async fn undo(&self, context: &mut StepContext<'_>) -> Result<Undone> {
        let Some(index) = context.find_tagged().await? else {
            return Ok(Undone::Gone);
        };
        interface::set_unnumbered(context.client, index, None).await?;
        let text = format!("interface {} shares no addresses", index.0);
        Ok(Undone::Done(text))
    }

    pub(in crate::engine) fn operation(&self) -> String {
        "share the gateway's addresses".to_owned()
    }

    pub(in crate::engine) fn describe(&self, numbers: &Numbers) -> String {
        let index = Number(numbers.interface.map(|it| it.0));
        format!("shared addresses of interface{index}")
    }
}
