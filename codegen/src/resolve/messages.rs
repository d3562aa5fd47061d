//! CRCs are numbers, and Rust names differ within a module.

use std::collections::BTreeSet;

use super::at;
use crate::Error;
use crate::error::Problem;
use crate::input::Source;
use crate::model::Api;
use crate::names;

/// Reads the CRCs and settles names: messages first, then the module's own types.
///
/// # Errors
/// A message without CRC, or defined twice.
pub fn check(api: &mut Api, sources: &[Source]) -> Result<(), Error> {
    for (module, source) in api.modules.iter_mut().zip(sources) {
        let mut seen = BTreeSet::new();
        for (message, definition) in module.messages.iter_mut().zip(&source.file.messages) {
            if !seen.insert(message.name.clone()) {
                return Err(Error::DuplicateMessage {
                    file: module.file.clone(),
                    name: message.name.clone(),
                });
            }
            let crc = definition.meta.crc.as_deref().unwrap_or_default();
            let digits = crc.strip_prefix("0x").unwrap_or(crc);
            message.crc = u32::from_str_radix(digits, 16).map_err(|_| {
                at(
                    &module.file,
                    &message.name,
                    None,
                    Problem::Crc(crc.to_owned()),
                )
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
