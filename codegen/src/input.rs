//! Finding and parsing definitions: a folder, one file, the array of `get_api_json`, or the
//! sources that VPP's JSON is made of.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::compile::{self, Compiled, Compiler};
use crate::crc::Marks;
use crate::schema::File;
use crate::{Error, model};

/// The definitions of one module, and where they come from.
#[derive(Debug)]
pub struct Source {
    /// The file's stem.
    pub module: String,
    /// How errors name it.
    pub name: String,
    /// The file on disk.
    pub path: PathBuf,
    pub file: File,
    /// What the JSON does not say, where the file is a source.
    pub marks: Option<Marks>,
}

const SUFFIX: &str = ".api.json";

/// All definitions below the given folders and in the given files, by module name; `.api`
/// files as [`Compiler::new`] compiles them.
pub fn load(paths: &[PathBuf]) -> Result<Vec<Source>, Error> {
    load_with(paths, &Compiler::new())
}

/// As [`load`], `.api` files as `compiler` compiles them.
pub fn load_with(paths: &[PathBuf], compiler: &Compiler) -> Result<Vec<Source>, Error> {
    let (mut files, mut sources) = (Vec::new(), Vec::new());
    for path in paths {
        if path.is_dir() {
            let (found, written) = (find(path)?, compile::find(path)?);
            if found.is_empty() && written.is_empty() {
                return Err(Error::NoInput { path: path.into() });
            }
            files.extend(found);
            sources.extend(written);
        } else if compile::is_api_file(path) {
            sources.push(path.clone());
        } else {
            files.push(path.clone());
        }
    }
    let parsed = crate::parallel::map(&files, |file| parse(file));
    let parsed = parsed.into_iter().collect::<Result<Vec<_>, _>>()?;
    let compiled = compiler.compile(&sources)?.into_iter().map(of_compiled);
    let compiled = compiled.collect::<Result<Vec<_>, _>>()?;

    let mut modules: BTreeMap<String, Source> = BTreeMap::new();
    for source in parsed.into_iter().flatten().chain(compiled) {
        if let Some(other) = modules.get(&source.module) {
            return Err(Error::DuplicateModule {
                module: source.module,
                one: other.name.clone(),
                other: source.name,
            });
        }
        modules.insert(source.module.clone(), source);
    }
    Ok(modules.into_values().collect())
}

/// The files that `.api` files among `paths`, and in folders among them, are made of.
pub fn sources(paths: &[PathBuf], compiler: &Compiler) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(compile::find(path)?);
        } else if compile::is_api_file(path) {
            found.push(path.clone());
        }
    }
    let compiled = compiler.compile(&found)?;
    let mut files: Vec<PathBuf> = compiled.into_iter().flat_map(|one| one.imports).collect();
    files.append(&mut found);
    files.sort();
    files.dedup();
    Ok(files)
}

fn of_compiled(compiled: Compiled) -> Result<Source, Error> {
    let name = compiled.path.display().to_string();
    let file = serde_json::from_str(&compiled.json).map_err(|source| Error::Json {
        file: name.clone(),
        source,
    })?;
    Ok(Source {
        module: compiled.module.replace('-', "_"),
        name,
        path: compiled.path,
        file,
        marks: Some(compiled.marks),
    })
}

/// The definition files of a folder, flat or with the folders that VPP installs, sorted.
/// Folders whose name begins with a dot are passed over.
pub fn find(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let error = |source| Error::Read {
            path: folder.clone(),
            source,
        };
        for entry in std::fs::read_dir(&folder).map_err(error)? {
            let path = entry.map_err(error)?.path();
            if path.is_dir() {
                let name = path.file_name().unwrap_or_default();
                if depth < 2 && !name.as_encoded_bytes().starts_with(b".") {
                    folders.push((path, depth + 1));
                }
            } else if path.to_string_lossy().ends_with(SUFFIX) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn parse(path: &Path) -> Result<Vec<Source>, Error> {
    let text = std::fs::read(path).map_err(|source| Error::Read {
        path: path.into(),
        source,
    })?;
    parse_text(path, &text)
}

fn parse_text(path: &Path, text: &[u8]) -> Result<Vec<Source>, Error> {
    #[derive(Deserialize)]
    #[serde(transparent)]
    struct Many(Vec<File>);

    let name = path.display().to_string();
    let json = |source| Error::Json {
        file: name.clone(),
        source,
    };
    let is_array = text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    if !is_array {
        let file: File = serde_json::from_slice(text).map_err(json)?;
        let file_name = path.file_name().unwrap_or_default().to_string_lossy();
        let stem = file_name.strip_suffix(SUFFIX).unwrap_or(&file_name);
        let stem = stem.strip_suffix(".json").unwrap_or(stem);
        return Ok(vec![Source {
            module: stem.replace(['.', '-'], "_"),
            name,
            path: path.into(),
            file,
            marks: None,
        }]);
    }
    let Many(files) = serde_json::from_slice(text).map_err(json)?;
    let sources = files.into_iter().enumerate().map(|(at, file)| {
        let module = match &file.module {
            Some(module) => module.clone(),
            None => module_of_messages(&file, at),
        };
        Source {
            name: format!("{name}[{module}]"),
            module,
            path: path.into(),
            file,
            marks: None,
        }
    });
    Ok(sources.collect())
}

/// Before v26.06 an array's documents do not say which module they are; the
/// beginning that all their messages share is the best name there is.
fn module_of_messages(file: &File, at: usize) -> String {
    let mut messages = file.messages.iter().map(|message| message.name.as_str());
    let first = messages.next().unwrap_or_default();
    let shared = messages.fold(first.len(), |end, name| {
        let pairs = first.bytes().zip(name.bytes());
        pairs.take(end).take_while(|(a, b)| a == b).count()
    });
    let shared = first[..shared].trim_end_matches('_');
    match shared {
        "" => format!("module{at}"),
        name => model::stem(name),
    }
}
