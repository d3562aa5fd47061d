use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::document::parse_json;
use super::source::Source;
use crate::Error;
use crate::compile::Compiled;
use crate::crc::Marks;

/// The definitions of one module as text, before they are parsed.
#[derive(Debug)]
pub struct Text {
    pub module: String,
    /// The name that errors show.
    pub name: String,
    /// The path in the folder of the input: `core/interface.api.json`.
    pub place: PathBuf,
    json: Vec<u8>,
    marks: Option<Marks>,
    origins: BTreeMap<String, String>,
}

impl Text {
    /// A JSON document. The module gets a name that Rust can have.
    pub fn new(module: &str, name: String, place: PathBuf, json: Vec<u8>) -> Self {
        Self {
            module: module.replace(['.', '-'], "_"),
            name,
            place,
            json,
            marks: None,
            origins: BTreeMap::new(),
        }
    }

    /// The document of a compiled `.api` file.
    pub fn of_compiled(compiled: Compiled) -> Self {
        let name = compiled.path.display().to_string();
        let json = compiled.json.into_bytes();
        Self {
            marks: Some(compiled.marks),
            origins: compiled.origins,
            ..Self::new(&compiled.module, name, compiled.file_name.into(), json)
        }
    }

    pub fn parse(self) -> Result<Source, Error> {
        Ok(Source {
            file: self.json()?,
            module: self.module,
            name: self.name,
            place: self.place,
            json: self.json,
            marks: self.marks,
            origins: self.origins,
            is_import: false,
        })
    }

    fn json<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        parse_json(&self.name, &self.json)
    }
}
