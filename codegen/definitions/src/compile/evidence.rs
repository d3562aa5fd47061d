//! What VPP's JSON says of enums without saying it.
//!
//! The CRC of a message leaves out `backwards_compatible` enumerators, which the JSON does not
//! mark; but it has the CRCs of messages, and with them whether an enum that they depend on
//! counts as a whole or not. All definitions of the folders where imports are found are asked.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::OnceLock;

use super::include::Includes;
use crate::crc;
use crate::schema::{EnumDefinition, File};

/// The messages of VPP's JSON, read when they are first asked.
#[derive(Debug)]
pub struct Evidence {
    includes: Includes,
    witnesses: OnceLock<Vec<Witness>>,
}

#[derive(Debug)]
struct Witness {
    text: String,
    /// The enums that its messages say something of, and what they say.
    said: OnceLock<HashMap<String, Said>>,
}

#[derive(Debug)]
struct Said {
    of: EnumDefinition,
    marked: HashSet<String>,
}

impl Evidence {
    pub fn of(includes: &Includes) -> Self {
        Self {
            includes: includes.clone(),
            witnesses: OnceLock::new(),
        }
    }

    /// The enumerators of an enum that CRCs leave out; nothing where no message tells.
    pub fn marked(&self, name: &str, values: &[(String, i128)]) -> Option<HashSet<String>> {
        let quoted = format!("\"{name}\"");
        let witnesses = self.witnesses.get_or_init(|| read(&self.includes));
        let mut witnesses = witnesses.iter().filter(|one| one.text.contains(&quoted));
        witnesses.find_map(|one| {
            let said = one.said.get_or_init(|| ask(&one.text)).get(name)?;
            (said.of.values == values).then(|| said.marked.clone())
        })
    }
}

/// What cannot be read says nothing.
fn read(includes: &Includes) -> Vec<Witness> {
    let texts = includes.installed().into_iter();
    let texts = texts.filter_map(|path: PathBuf| std::fs::read_to_string(path).ok());
    texts
        .map(|text| Witness {
            text,
            said: OnceLock::new(),
        })
        .collect()
}

fn ask(text: &str) -> HashMap<String, Said> {
    let Ok(file) = serde_json::from_str::<File>(text) else {
        return HashMap::new();
    };
    let marks = crc::proven(&file);
    let enums = file.enums.into_iter().chain(file.enumflags);
    let said = enums.filter_map(|of| {
        let marked = marks.get(&of.name)?.clone();
        Some((of.name.clone(), Said { of, marked }))
    });
    said.collect()
}
