use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use crate::Error;
use crate::compile::CompiledFile;
use crate::crc::Marks;
use crate::names;
use crate::schema::File;

/// The parsed definitions of one module.
#[derive(Debug)]
pub struct Source {
    /// The module: the stem of the file's name.
    pub module: String,
    /// The name of the file in error messages.
    pub name: String,
    /// The path in the input folder: `core/interface.api.json`.
    pub path: PathBuf,
    /// The parsed file.
    pub file: File,
    /// The text of the file; empty for an import.
    pub(crate) json: Vec<u8>,
    /// The enumerators that JSON does not mark, if the file is an `.api` file.
    pub(crate) marks: Option<Marks>,
    /// The module of each imported type, if the file is an `.api` file.
    pub(crate) origins: BTreeMap<String, String>,
    /// Whether the module is not an input itself. It then has only the types that an `.api`
    /// file imports from it and uses.
    pub is_import: bool,
}

impl Source {
    /// Parses the text of the file as a `T`.
    ///
    /// # Errors
    /// The text is not a `T`.
    pub fn json<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        parse_json(&self.name, &self.json)
    }
}

/// The definitions of one module before they are parsed.
#[derive(Debug)]
pub struct Text {
    /// The module.
    pub module: String,
    /// The name of the file in error messages.
    pub name: String,
    path: PathBuf,
    json: Vec<u8>,
    marks: Option<Marks>,
    origins: BTreeMap<String, String>,
}

impl Text {
    /// Creates the text of a JSON document. Replaces characters that Rust names cannot have.
    pub fn new(module: &str, name: String, path: PathBuf, json: Vec<u8>) -> Self {
        Self {
            module: names::module(module),
            name,
            path,
            json,
            marks: None,
            origins: BTreeMap::new(),
        }
    }

    /// Creates the text of a compiled `.api` file.
    pub fn of_compiled(compiled: CompiledFile) -> Self {
        let name = compiled.path.display().to_string();
        let json = compiled.json.into_bytes();
        Self {
            marks: Some(compiled.marks),
            origins: compiled.origins,
            ..Self::new(&compiled.module, name, compiled.file_name.into(), json)
        }
    }

    /// Parses the definitions.
    pub fn parse(self) -> Result<Source, Error> {
        Ok(Source {
            file: parse_json(&self.name, &self.json)?,
            module: self.module,
            name: self.name,
            path: self.path,
            json: self.json,
            marks: self.marks,
            origins: self.origins,
            is_import: false,
        })
    }
}

/// Parses the JSON of the file `name`.
fn parse_json<'a, T: Deserialize<'a>>(name: &str, json: &'a [u8]) -> Result<T, Error> {
    serde_json::from_slice(json).map_err(|source| Error::Json {
        file: name.to_owned(),
        source,
    })
}
