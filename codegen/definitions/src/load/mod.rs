//! Reads inputs into parsed definitions: folders, files, the array of `get_api_json`, and `.api`
//! files, which it compiles.

mod array;
mod imported;
mod source;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use source::Source;
use source::Text;

use crate::compile::{AssumedCrc, Compiler};
use crate::input::{Documents, Input};
use crate::progress::Stage;
use crate::{Error, files, parallel};

/// The parsed definitions of some inputs.
#[derive(Debug, Default)]
pub struct Sources {
    /// The modules of the inputs, sorted by name, then the imported ones.
    pub modules: Vec<Source>,
    /// The `.api` files that were compiled, and those that they import; sorted.
    pub files: Vec<PathBuf>,
    /// What CRCs assume about imports that are JSON.
    pub assumed: Vec<AssumedCrc>,
}

/// Reads, compiles and parses the definitions of `inputs`.
pub fn read(inputs: &[Input], compiler: &Compiler) -> Result<Sources, Error> {
    let found = Found::of(inputs)?;
    let texts = parallel::map(Stage::Reading, found.json, |(folder, file)| {
        read_json(folder, &file)
    });
    let mut texts = flat(texts)?;

    let mut sources = Sources::default();
    for mut compiled in compiler.compile(&found.api)? {
        sources.files.append(&mut compiled.imports);
        sources.assumed.append(&mut compiled.assumed);
        texts.push(Text::of_compiled(compiled));
    }
    sources.files.extend(found.api);
    sources.files.sort();
    sources.files.dedup();

    texts.extend(found.documents.into_iter().flat_map(of_documents));
    let texts = by_module(texts)?;
    let parsed = parallel::map(Stage::Parsing, texts, Text::parse);
    sources.modules = parsed.into_iter().collect::<Result<_, _>>()?;
    imported::add(&mut sources.modules);
    Ok(sources)
}

/// The files and documents of inputs.
#[derive(Default)]
struct Found<'a> {
    /// `.api.json` files, each with its input folder.
    json: Vec<(Option<&'a Path>, PathBuf)>,
    /// `.api` files.
    api: Vec<PathBuf>,
    documents: Vec<&'a Documents>,
}

impl<'a> Found<'a> {
    fn of(inputs: &'a [Input]) -> Result<Self, Error> {
        let mut found = Self::default();
        for input in inputs {
            match input {
                Input::Documents(documents) => found.documents.push(documents),
                Input::Path(path) if path.is_dir() => {
                    let (json, api) = (files::find_json(path)?, files::find_api(path)?);
                    if json.is_empty() && api.is_empty() {
                        return Err(Error::NoInput { path: path.into() });
                    }
                    let json = json.into_iter().map(|file| (Some(path.as_path()), file));
                    found.json.extend(json);
                    found.api.extend(api);
                }
                Input::Path(path) if files::is_api_file(path) => found.api.push(path.clone()),
                Input::Path(path) => found.json.push((None, path.clone())),
            }
        }
        Ok(found)
    }
}

/// Reads a JSON file: one module, or the array of `get_api_json`.
fn read_json(folder: Option<&Path>, path: &Path) -> Result<Vec<Text>, Error> {
    let text = std::fs::read(path).map_err(|source| Error::Read {
        path: path.into(),
        source,
    })?;
    let name = path.display().to_string();
    if text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return array::texts(path, &text);
    }
    let file_name = path.file_name().unwrap_or_default();
    let relative = folder.and_then(|folder| path.strip_prefix(folder).ok());
    let relative = relative.unwrap_or(Path::new(file_name));
    let file_name = file_name.to_string_lossy();
    let stem = file_name.strip_suffix(files::JSON_SUFFIX);
    let stem = stem.or_else(|| file_name.strip_suffix(".json"));
    let stem = stem.unwrap_or(&file_name);
    Ok(vec![Text::new(stem, name, relative.into(), text)])
}

fn of_documents(documents: &Documents) -> impl Iterator<Item = Text> {
    documents.files.iter().map(|document| {
        let name = format!("{}[{}]", documents.origin, document.module);
        let (path, text) = (document.path.clone(), document.text.clone().into_bytes());
        Text::new(&document.module, name, path, text)
    })
}

fn by_module(texts: Vec<Text>) -> Result<Vec<Text>, Error> {
    let mut modules: BTreeMap<String, Text> = BTreeMap::new();
    for text in texts {
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

fn flat<T>(results: Vec<Result<Vec<T>, Error>>) -> Result<Vec<T>, Error> {
    let mut all = Vec::new();
    for result in results {
        all.append(&mut result?);
    }
    Ok(all)
}
