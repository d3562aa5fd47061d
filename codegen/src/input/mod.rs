//! Finding and parsing definitions: a folder, one file, the array of `get_api_json`, or the
//! sources that VPP's JSON is made of.

pub mod array;
pub mod type_modules;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::compile::{self, Compiled, Compiler};
use crate::crc::Marks;
use crate::progress::Stage;
use crate::schema::File;
use crate::{Assumed, Definitions, Documents, Error, walk};

/// The definitions of one module, and where they come from.
#[derive(Debug)]
pub struct Source {
    /// The file's stem.
    pub module: String,
    /// How errors name it.
    pub name: String,
    pub file: File,
    /// What the JSON does not say, where the file is a source.
    pub marks: Option<Marks>,
    /// The types that it imports, by the module that each is from, where that is known.
    pub origins: BTreeMap<String, String>,
    /// Whether it is here for what another one uses of it.
    pub is_import: bool,
}

const SUFFIX: &str = ".api.json";

/// All definitions by module name; `.api` files as [`Compiler::new`] compiles them.
pub fn load(inputs: &[Definitions]) -> Result<Vec<Source>, Error> {
    load_with(inputs, &Compiler::new())
}

/// As [`load`], `.api` files as `compiler` compiles them.
pub fn load_with(inputs: &[Definitions], compiler: &Compiler) -> Result<Vec<Source>, Error> {
    let texts = texts_with(inputs, compiler)?;
    let sources = crate::parallel::map(Stage::Parsing, &texts, Text::parse);
    sources.into_iter().collect()
}

/// The definitions of one module as they are written.
#[derive(Debug)]
pub struct Text {
    pub module: String,
    /// How errors name it.
    name: String,
    /// Where it is in the folder that was given: `core/interface.api.json`.
    pub place: PathBuf,
    text: Vec<u8>,
    marks: Option<Marks>,
    origins: BTreeMap<String, String>,
}

/// The texts of all definitions by module name, as [`load`] would parse them.
pub fn texts(inputs: &[Definitions]) -> Result<Vec<Text>, Error> {
    texts_with(inputs, &Compiler::new())
}

fn texts_with(inputs: &[Definitions], compiler: &Compiler) -> Result<Vec<Text>, Error> {
    let (mut files, mut written, mut documents) = (Vec::new(), Vec::new(), Vec::new());
    for input in inputs {
        match input {
            Definitions::Documents(at_hand) => documents.push(at_hand),
            Definitions::Path(path) if path.is_dir() => {
                let (found, sources) = (find(path)?, compile::find(path)?);
                if found.is_empty() && sources.is_empty() {
                    return Err(Error::NoInput { path: path.into() });
                }
                files.extend(found.into_iter().map(|file| (Some(path), file)));
                written.extend(sources);
            }
            Definitions::Path(path) if compile::is_api_file(path) => written.push(path.clone()),
            Definitions::Path(path) => files.push((None, path.clone())),
        }
    }
    let read = crate::parallel::map(Stage::Reading, &files, |(folder, file)| read(*folder, file));
    let read = read.into_iter().collect::<Result<Vec<_>, _>>()?;
    let compiled = compiler.compile(&written)?.into_iter().map(of_compiled);
    let at_hand = documents.into_iter().flat_map(of_documents);

    let mut modules: BTreeMap<String, Text> = BTreeMap::new();
    for text in read.into_iter().flatten().chain(compiled).chain(at_hand) {
        if let Some(other) = modules.get(&text.module) {
            return Err(Error::DuplicateModule {
                module: text.module,
                one: other.name.clone(),
                other: text.name,
            });
        }
        modules.insert(text.module.clone(), text);
    }
    Ok(modules.into_values().collect())
}

impl Text {
    /// Of JSON; the module has the name that Rust can have.
    fn new(module: &str, name: String, place: PathBuf, text: Vec<u8>) -> Self {
        Self {
            module: module.replace(['.', '-'], "_"),
            name,
            place,
            text,
            marks: None,
            origins: BTreeMap::new(),
        }
    }

    pub fn parse(&self) -> Result<Source, Error> {
        Ok(Source {
            file: self.json()?,
            module: self.module.clone(),
            name: self.name.clone(),
            marks: self.marks.clone(),
            origins: self.origins.clone(),
            is_import: false,
        })
    }

    /// What it says, as a `T` has it.
    pub fn json<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        serde_json::from_slice(&self.text).map_err(|source| Error::Json {
            file: self.name.clone(),
            source,
        })
    }
}

/// The files that `.api` files among the inputs, and in folders among them, are made of, and
/// what their CRCs take for granted.
pub fn sources(
    inputs: &[Definitions],
    compiler: &Compiler,
) -> Result<(Vec<PathBuf>, Vec<Assumed>), Error> {
    let mut found = Vec::new();
    for input in inputs {
        match input {
            Definitions::Path(path) if path.is_dir() => found.extend(compile::find(path)?),
            Definitions::Path(path) if compile::is_api_file(path) => found.push(path.clone()),
            _ => {}
        }
    }
    let compiled = compiler.compile(&found)?;
    let (mut files, mut assumed) = (found, Vec::new());
    for mut one in compiled {
        files.append(&mut one.imports);
        assumed.append(&mut one.assumed);
    }
    files.sort();
    files.dedup();
    Ok((files, assumed))
}

fn of_compiled(compiled: Compiled) -> Text {
    let (name, text) = (
        compiled.path.display().to_string(),
        compiled.json.into_bytes(),
    );
    Text {
        marks: Some(compiled.marks),
        origins: compiled.origins,
        ..Text::new(&compiled.module, name, compiled.file_name.into(), text)
    }
}

fn of_documents(documents: &Documents) -> impl Iterator<Item = Text> {
    documents.files.iter().map(|document| {
        let name = format!("{}[{}]", documents.origin, document.module);
        let (place, text) = (document.place.clone(), document.text.clone().into_bytes());
        Text::new(&document.module, name, place, text)
    })
}

/// The definition files of a folder, flat or with the folders that VPP installs, sorted.
/// Folders whose name begins with a dot are passed over.
pub fn find(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    walk::files(
        folder,
        |entry, depth| depth < 2 && !walk::is_hidden(entry),
        |path| path.to_string_lossy().ends_with(SUFFIX),
    )
}

/// A file that was given, or found in a folder that was.
fn read(folder: Option<&PathBuf>, path: &Path) -> Result<Vec<Text>, Error> {
    let text = std::fs::read(path).map_err(|source| Error::Read {
        path: path.into(),
        source,
    })?;
    let name = path.display().to_string();
    if text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return array::texts(path, &text);
    }
    let file_name = path.file_name().unwrap_or_default();
    let place = folder.and_then(|folder| path.strip_prefix(folder).ok());
    let place = place.unwrap_or(Path::new(file_name));
    let file_name = file_name.to_string_lossy();
    let stem = file_name.strip_suffix(SUFFIX).unwrap_or(&file_name);
    let stem = stem.strip_suffix(".json").unwrap_or(stem);
    Ok(vec![Text::new(stem, name, place.into(), text)])
}
