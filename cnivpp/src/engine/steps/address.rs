use ipnet::IpNet;
use vpp_bindings::wire::VppError;

use crate::api::address;
use crate::engine::context::StepContext;
use crate::engine::numbers::Number;
use crate::engine::{Look, Numbers, Result, Undone};

/// An address of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    /// The address with the length of its prefix.
    pub address: IpNet,
}

impl Address {
    pub(in crate::engine) async fn look(&self, context: &mut StepContext<'_>) -> Result<Look> {
        let Some(index) = context
            .numbers
            .interface
            .filter(|_| !context.is_untouched())
        else {
            return Ok(Look::Missing);
        };
        let all = address::dump(context.client, index).await?;
        Ok(if all.contains(&self.address) {
            Look::Present
        } else {
            Look::Missing
        })
    }

    pub(in crate::engine) async fn apply(&self, context: &mut StepContext<'_>) -> Result<String> {
        let index = context.interface(&self.operation())?;
        address::add(context.client, index, self.address).await?;
        Ok(format!("{} added to interface {}", self.address, index.0))
    }

    pub(in crate::engine) async fn undo(&self, context: &mut StepContext<'_>) -> Result<Undone> {
        if address::is_link_local(self.address) {
            return Ok(Undone::Done(format!(
                "{} goes with its interface",
                self.address
            )));
        }
        let Some(index) = context.find_tagged().await? else {
            return Ok(Undone::Gone);
        };
        match address::remove(context.client, index, self.address).await {
            Ok(()) => Ok(Undone::Done(format!(
                "{} removed from interface {}",
                self.address, index.0
            ))),
            Err(error) if error.vpp_error() == Some(VppError::ADDRESS_NOT_FOUND_FOR_INTERFACE) => {
                Ok(Undone::Gone)
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(in crate::engine) fn operation(&self) -> String {
        format!("add {}", self.address)
    }

    pub(in crate::engine) fn describe(&self, numbers: &Numbers) -> String {
        let index = Number(numbers.interface.map(|it| it.0));
        format!("{} on interface{index}", self.address)
    }
}
