//! CRCs are numbers, and Rust names differ within a module.

use std::collections::BTreeSet;

use crate::Error;
use crate::error::Problem;
use crate::model::Api;
use crate::names;

/// Reads the CRCs and settles names: messages first, then the module's own types.
///
/// # Errors
/// A message without CRC, or defined twice and differently.
pub fn check(api: &mut Api) -> Result<(), Error> {
    for module in &mut api.modules {
        let mut seen = BTreeSet::new();
        for message in &mut module.messages {
            if !seen.insert(message.name.clone()) {
                return Err(Error::ConflictingMessage {
                    file: module.file.clone(),
                    name: message.name.clone(),
                });
            }
            let crc = &message.crc_text;
            let digits = crc.strip_prefix("0x").unwrap_or(crc);
            message.crc = u32::from_str_radix(digits, 16).map_err(|_| {
                Error::at(&module.file, &message.name, None, Problem::Crc(crc.clone()))
            })?;
        }
    }
    for module in &mut api.modules {
        let mut taken = BTreeSet::new();
        for message in &mut module.messages {
            message.rust = names::unique(std::mem::take(&mut message.rust), &mut taken);
        }
        for id in &module.types {
            let rust = &mut api.types[*id].rust;
            *rust = names::unique(std::mem::take(rust), &mut taken);
        }
    }
    let mut taken = BTreeSet::new();
    for module in &mut api.modules {
        module.rust = names::unique(std::mem::take(&mut module.rust), &mut taken);
    }
    Ok(())
}
