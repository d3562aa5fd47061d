use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::check::{AssumedCrc, Checked, Shared, check};
use super::diagnostic::{Diagnostic, Diagnostics};
use super::emit::document;
use super::evidence::Evidence;
use super::include::Includes;
use super::options::{Options, Release};
use super::parsed::ParsedFiles;
use crate::crc::Marks;
use crate::names;
use crate::output::{self, Generated, Stale};
use crate::progress::Stage;
use crate::{Error, files, parallel};

/// Compiles `.api` files to the `.api.json` that VPP's own tool writes.
///
/// ```no_run
/// # fn main() -> Result<(), vpp_definitions::Error> {
/// let compiled = vpp_definitions::Compiler::new()
///     .include("/usr/src/vpp/src")
///     .compile(["my_plugin.api"])?;
/// print!("{}", compiled[0].json);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Compiler {
    includes: Includes,
    options: Options,
}

/// A compiled `.api` file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CompiledFile {
    /// The module's name: the stem of the file's name, with `_` instead of `.`.
    pub module: String,
    /// The compiled file.
    pub path: PathBuf,
    /// The name of the JSON file in VPP: `memif.api.json`.
    pub file_name: String,
    /// The document, with a newline at its end.
    pub json: String,
    /// The paths of all files that it imports, directly or indirectly; sorted.
    pub imports: Vec<PathBuf>,
    /// CRCs that depend on an assumption about imports that are JSON. Empty if all imports are
    /// sources, or if other messages of the JSON prove the assumption.
    pub assumed: Vec<AssumedCrc>,
    /// The enumerators that CRCs leave out; the document does not mark them.
    pub(crate) marks: Marks,
    /// The module of each imported type.
    pub(crate) origins: BTreeMap<String, String>,
}

impl Compiler {
    /// Creates a compiler for the newest release. It keeps comments and searches imports in the
    /// folders above each file.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a folder to search for imports, after those added before. The folders above a file
    /// are then not searched.
    ///
    /// VPP's own files need its folder `src`. If only an installed VPP is available,
    /// `/usr/share/vpp/api` works too: an import that is missing as source is searched by name
    /// as `.api.json` in the folder, its `core` and its `plugins`. So
    /// `vnet/interface_types.api` is found as `core/interface_types.api.json`. CRCs are then
    /// the same as with sources, except those in [`CompiledFile::assumed`]. The document has no
    /// `vl_api_version`, because it cannot be computed.
    #[must_use]
    pub fn include(mut self, folder: impl Into<PathBuf>) -> Self {
        self.includes.push(folder.into());
        self
    }

    /// Sets the release whose rules the files follow. Default: [`Release::NEWEST`].
    #[must_use]
    pub fn release(mut self, release: Release) -> Self {
        self.options.release = release;
        self
    }

    /// Sets whether prose is left out: comments, the option `vat_help`, and the descriptions of
    /// counters (which become empty). Default: no.
    #[must_use]
    pub fn facts_only(mut self, facts_only: bool) -> Self {
        self.options.facts_only = facts_only;
        self
    }

    /// Compiles files and all `.api` files of folders. The result is sorted by module.
    ///
    /// Folders named `examples`, `test` and `tests` are skipped.
    ///
    /// # Errors
    /// [`Error::Api`] with the first error of every invalid definition in any file;
    /// [`Error::Read`]; [`Error::NoInput`]; and [`Error::DuplicateModule`] if two files have
    /// the same stem.
    pub fn compile(
        &self,
        paths: impl IntoIterator<Item = impl AsRef<Path>>,
    ) -> Result<Vec<CompiledFile>, Error> {
        let roots = roots(paths)?;
        let files = ParsedFiles::default();
        let shared = Shared {
            files: &files,
            includes: &self.includes,
            evidence: &Evidence::of(&self.includes),
            release: self.options.release,
        };
        let results = parallel::map(Stage::Compiling, &roots, |root| self.one(&shared, root));
        let (mut compiled, mut faults) = (Vec::with_capacity(roots.len()), Vec::new());
        for result in results {
            match result? {
                Ok(one) => compiled.push(one),
                Err(mut of_one) => faults.append(&mut of_one),
            }
        }
        if faults.is_empty() {
            Ok(compiled)
        } else {
            Err(Error::Api(Diagnostics::new(faults)))
        }
    }

    /// Compiles as [`compile`](Self::compile) and writes the documents to the folder `out`,
    /// which is created if it is missing.
    ///
    /// Files of the same names are replaced, other files are not touched. On an error, the
    /// folder is unchanged.
    ///
    /// # Errors
    /// As [`compile`](Self::compile), or `out` cannot be written.
    pub fn compile_to(
        &self,
        paths: impl IntoIterator<Item = impl AsRef<Path>>,
        out: impl AsRef<Path>,
    ) -> Result<Vec<CompiledFile>, Error> {
        let compiled = self.compile(paths)?;
        let files = compiled.iter().map(|one| Generated {
            name: one.file_name.clone(),
            text: one.json.clone(),
        });
        let files: Vec<Generated> = files.collect();
        output::write(out.as_ref(), &files, Stale::Kept)?;
        Ok(compiled)
    }

    fn one(
        &self,
        shared: &Shared,
        root: &Root,
    ) -> Result<Result<CompiledFile, Vec<Diagnostic>>, Error> {
        let path = &root.path;
        let file = shared.files.get(path).map_err(|source| Error::Read {
            path: path.clone(),
            source,
        })?;
        let checked = match check(shared, path, file) {
            Ok(checked) => checked,
            Err(faults) => return Ok(Err(faults)),
        };
        Ok(Ok(CompiledFile {
            module: root.module.clone(),
            path: path.clone(),
            file_name: format!("{}.json", file_name(path)),
            json: document(&checked, &root.module, &self.options),
            marks: checked.marks(),
            origins: origins(&checked),
            assumed: checked.assumed,
            imports: checked.imports,
        }))
    }
}

/// The module of each type that the compiled file imports.
fn origins(checked: &Checked) -> BTreeMap<String, String> {
    let imported = checked.types.iter();
    let imported = imported.filter(|ty| !Arc::ptr_eq(&ty.file, &checked.file));
    let origins = imported.filter_map(|ty| {
        let file = file_name(&ty.file.source.path);
        let file = file.strip_suffix(".json").unwrap_or(&file);
        Some((ty.name()?.text.clone(), names::module(file)))
    });
    origins.collect()
}

struct Root {
    module: String,
    path: PathBuf,
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The files to compile, by module.
fn roots(paths: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<Vec<Root>, Error> {
    let mut roots: BTreeMap<String, Root> = BTreeMap::new();
    for path in paths {
        let path = path.as_ref();
        let found = if path.is_dir() {
            let found = files::find_api(path)?;
            if found.is_empty() {
                return Err(Error::NoInput { path: path.into() });
            }
            found
        } else {
            vec![path.to_path_buf()]
        };
        for path in found {
            let name = file_name(&path);
            let module = names::vpp_module(&name);
            if let Some(other) = roots.get(&module) {
                return Err(Error::DuplicateModule {
                    module,
                    one: other.path.display().to_string(),
                    other: path.display().to_string(),
                });
            }
            roots.insert(module.clone(), Root { module, path });
        }
    }
    Ok(roots.into_values().collect())
}
