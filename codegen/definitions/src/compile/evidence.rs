//! Infers from VPP's JSON which enumerators CRCs leave out.
//!
//! The CRC of a message leaves out `backwards_compatible` enumerators. The JSON does not mark
//! them, but it records the CRCs of messages, which show whether CRCs contain the whole enum.
//! All definitions in the include folders are used.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::OnceLock;

use super::include::Includes;
use crate::crc;
use crate::schema::{EnumDefinition, File};

/// The definitions in the include folders, read on first use.
#[derive(Debug)]
pub struct Evidence {
    includes: Includes,
    files: OnceLock<Vec<EvidenceFile>>,
}

#[derive(Debug)]
struct EvidenceFile {
    text: String,
    /// The enums that the file's messages depend on, by name.
    enums: OnceLock<HashMap<String, KnownEnum>>,
}

#[derive(Debug)]
struct KnownEnum {
    definition: EnumDefinition,
    marked: HashSet<String>,
}

impl Evidence {
    pub fn of(includes: &Includes) -> Self {
        Self {
            includes: includes.clone(),
            files: OnceLock::new(),
        }
    }

    /// The enumerators of an enum that CRCs leave out; `None` if no message depends on the enum.
    pub fn marked(&self, name: &str, values: &[(String, i128)]) -> Option<HashSet<String>> {
        let quoted = format!("\"{name}\"");
        let files = self.files.get_or_init(|| read(&self.includes));
        let mut files = files.iter().filter(|file| file.text.contains(&quoted));
        files.find_map(|file| {
            let known = file.enums.get_or_init(|| infer(&file.text)).get(name)?;
            (known.definition.values == values).then(|| known.marked.clone())
        })
    }
}

/// Reads the definitions; files that cannot be read are skipped.
fn read(includes: &Includes) -> Vec<EvidenceFile> {
    let texts = includes.installed().into_iter();
    let texts = texts.filter_map(|path: PathBuf| std::fs::read_to_string(path).ok());
    texts
        .map(|text| EvidenceFile {
            text,
            enums: OnceLock::new(),
        })
        .collect()
}

fn infer(text: &str) -> HashMap<String, KnownEnum> {
    let Ok(file) = serde_json::from_str::<File>(text) else {
        return HashMap::new();
    };
    let marks = crc::infer_marks(&file);
    let enums = file.enums.into_iter().chain(file.enumflags);
    let known = enums.filter_map(|definition| {
        let marked = marks.get(&definition.name)?.clone();
        let name = definition.name.clone();
        Some((name, KnownEnum { definition, marked }))
    });
    known.collect()
}
