use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::document::parse_json;
use crate::Error;
use crate::crc::Marks;
use crate::schema::File;

/// The definitions of one module as its file has them.
#[derive(Debug)]
pub struct Source {
    /// The file's stem.
    pub module: String,
    /// The name that errors show.
    pub name: String,
    /// The path in the folder of the input: `core/interface.api.json`.
    pub place: PathBuf,
    /// The parsed file.
    pub file: File,
    /// The text of the file; empty for an import.
    pub(crate) json: Vec<u8>,
    /// The enumerators that JSON does not mark, if the file is an `.api` file.
    pub(crate) marks: Option<Marks>,
    /// The module of each imported type, if the file is an `.api` file.
    pub(crate) origins: BTreeMap<String, String>,
    /// Whether it is part of a module that only an `.api` file among the inputs imports: the
    /// types that this file uses.
    pub is_import: bool,
}

impl Source {
    /// Parses the file's text as a `T`.
    ///
    /// # Errors
    /// The text is not a `T`.
    pub fn json<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        parse_json(&self.name, &self.json)
    }
}
