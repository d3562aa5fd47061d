use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::check::{Assumed, Checked, Tree, check};
use super::diagnostic::{Diagnostic, Diagnostics};
use super::emit::document;
use super::evidence::Evidence;
use super::files::Files;
use super::find::find;
use super::include::Includes;
use super::options::Options;
use super::release::Release;
use crate::crc::Marks;
use crate::names::stem;
use crate::output::{self, Generated, Stale};
use crate::progress::Stage;
use crate::{Error, parallel};

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

/// The JSON of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compiled {
    /// The module's name: the file's stem, `.` become `_`.
    pub module: String,
    /// The file that it was made of.
    pub path: PathBuf,
    /// The name that VPP gives the JSON: `memif.api.json`.
    pub file_name: String,
    /// The document, with a newline at its end.
    pub json: String,
    /// The files that it imports, directly or not, as they were found; sorted.
    pub imports: Vec<PathBuf>,
    /// CRCs that take something for granted of imports that are JSON; empty where all imports
    /// are sources, and where other messages of that JSON prove what it does not say.
    pub assumed: Vec<Assumed>,
    /// What CRCs need beyond the document.
    pub(crate) marks: Marks,
    /// The types that are imported, and the module that each is from.
    pub(crate) origins: BTreeMap<String, String>,
}

impl Compiler {
    /// A compiler of the newest language, with comments, that looks for imports in the
    /// folders above each file.
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks for imports in `folder`, behind those given before; the folders above a file
    /// are then not searched. VPP's own files need its folder `src`.
    ///
    /// Where only an installed VPP is at hand, `/usr/share/vpp/api` does as well: what a folder
    /// does not have as source it may have as `.api.json`, there, in `core` or in `plugins`, by
    /// name, so that `vnet/interface_types.api` is `core/interface_types.api.json`. CRCs are
    /// those that the sources give, but where [`Compiled::assumed`] says otherwise; the
    /// document has no `vl_api_version`, which cannot be known.
    #[must_use]
    pub fn include(mut self, folder: impl Into<PathBuf>) -> Self {
        self.includes.push(folder.into());
        self
    }

    /// The release whose rules the files follow. Default: the newest, [`Release::NEWEST`].
    #[must_use]
    pub fn release(mut self, release: Release) -> Self {
        self.options.release = release;
        self
    }

    /// Whether sentences are left out: comments, the option `vat_help` and the descriptions
    /// of counters, which become empty. Default: no.
    #[must_use]
    pub fn facts_only(mut self, facts_only: bool) -> Self {
        self.options.facts_only = facts_only;
        self
    }

    /// Compiles files, and all `.api` files of folders, sorted by module. In folders, those
    /// called `examples`, `test` and `tests` are passed over.
    ///
    /// # Errors
    /// [`Error::Api`] with the first error of every definition that has one, in whichever
    /// file; [`Error::Read`], [`Error::NoInput`], and [`Error::DuplicateModule`] where two
    /// files have one stem.
    pub fn compile(
        &self,
        paths: impl IntoIterator<Item = impl AsRef<Path>>,
    ) -> Result<Vec<Compiled>, Error> {
        let roots = roots(paths)?;
        let files = Files::default();
        let tree = Tree {
            files: &files,
            includes: &self.includes,
            evidence: &Evidence::of(&self.includes),
            release: self.options.release,
        };
        let results = parallel::map(Stage::Compiling, &roots, |root| self.one(&tree, root));
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
    /// which is made if it is not there. Gives what was written, by module.
    ///
    /// Files of the same names are replaced, others are left alone; where anything fails,
    /// the folder is as it was.
    ///
    /// # Errors
    /// As [`compile`](Self::compile), or when `out` cannot be written.
    pub fn compile_to(
        &self,
        paths: impl IntoIterator<Item = impl AsRef<Path>>,
        out: impl AsRef<Path>,
    ) -> Result<Vec<Compiled>, Error> {
        let compiled = self.compile(paths)?;
        let files = compiled.iter().map(|one| Generated {
            name: one.file_name.clone(),
            text: one.json.clone(),
        });
        let files: Vec<Generated> = files.collect();
        output::write(out.as_ref(), &files, Stale::Kept)?;
        Ok(compiled)
    }

    fn one(&self, tree: &Tree, root: &Root) -> Result<Result<Compiled, Vec<Diagnostic>>, Error> {
        let path = &root.path;
        let file = tree.files.get(path).map_err(|source| Error::Read {
            path: path.clone(),
            source,
        })?;
        let checked = match check(tree, path, file) {
            Ok(checked) => checked,
            Err(faults) => return Ok(Err(faults)),
        };
        Ok(Ok(Compiled {
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

/// The types of other files than the one that was compiled, by module.
fn origins(checked: &Checked) -> BTreeMap<String, String> {
    let imported = checked.types.iter();
    let imported = imported.filter(|ty| !Arc::ptr_eq(&ty.file, &checked.file));
    let origins = imported.filter_map(|ty| {
        let file = file_name(&ty.file.source.path);
        let file = file.strip_suffix(".json").unwrap_or(&file);
        Some((ty.name()?.text.clone(), stem(file).replace('-', "_")))
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
            let found = find(path)?;
            if found.is_empty() {
                return Err(Error::NoInput { path: path.into() });
            }
            found
        } else {
            vec![path.to_path_buf()]
        };
        for path in found {
            let name = file_name(&path);
            let module = name.strip_suffix(".api").unwrap_or(&name).replace('.', "_");
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
