use super::{Error, MacAddress, Result};

/// Refuses a multicast address, which an interface cannot have.
pub(crate) fn check_unicast(operation: &'static str, mac: Option<MacAddress>) -> Result<()> {
    match mac {
        Some(mac) if mac.0[0] & 1 != 0 => {
            let why = format!("the MAC address {mac} is a multicast address");
            Err(Error::invalid(operation, why))
        }
        _ => Ok(()),
    }
}
