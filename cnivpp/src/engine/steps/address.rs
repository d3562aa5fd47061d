use ipnet::IpNet;
use vpp_bindings::wire::VppError;

use super::At;
use crate::api::address;
use crate::engine::step::Number;
use crate::engine::{Look, Numbers, Result, Undone};

/// An address of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    /// The address with the length of its prefix.
    pub address: IpNet,
}

impl Address {
    pub(in crate::engine) async fn look(&self, at: &mut At<'_>) -> Result<Look> {
        let Some(index) = at.numbers.interface.filter(|_| !at.is_untouched()) else {
            return Ok(Look::Missing);
        };
        let all = address::dump(at.client, index).await?;
        Ok(if all.contains(&self.address) {
            Look::Present
        } else {
            Look::Missing
        })
    }

    pub(in crate::engine) async fn apply(&self, at: &mut At<'_>) -> Result<String> {
        let index = at.interface(&self.operation())?;
        address::add(at.client, index, self.address).await?;
        Ok(format!("{} added to interface {}", self.address, index.0))
    }

    pub(in crate::engine) async fn undo(&self, at: &mut At<'_>) -> Result<Undone> {
        if address::is_link_local(self.address) {
            return Ok(Undone::Done(format!(
                "{} goes with its interface",
                self.address
            )));
        }
        let Some(index) = at.find_tagged().await? else {
            return Ok(Undone::Gone);
        };
        match address::remove(at.client, index, self.address).await {
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
