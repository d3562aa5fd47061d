use std::path::{Path, PathBuf};

use vpp_definitions::output::{self, Generated, Stale};
use vpp_definitions::{Assumed, Error, Input, Model, Options, Release, RustPath, internal};

use crate::{emit, names};

/// What to generate from, and how.
///
/// By default every module of the input is generated for the runtime `::vpp_wire`,
/// without serde and without registry.
#[derive(Debug, Clone)]
pub struct Builder {
    inputs: Vec<Input>,
    options: Options,
    wire_path: RustPath,
    serde: bool,
    registry: bool,
}

impl Builder {
    /// Reads the definitions of `input`: a folder as VPP installs it (with `core` and
    /// `plugins`, or flat), one `.api.json` file, or the array of `get_api_json` in a file;
    /// or the sources that they are made of: an `.api` file, or a folder that has some
    /// anywhere below it, such as `src` of VPP's own.
    pub fn new(input: impl Into<Input>) -> Self {
        Self::of([input])
    }

    /// Reads several folders or files, as [`new`](Self::new) reads one.
    pub fn of(inputs: impl IntoIterator<Item = impl Into<Input>>) -> Self {
        Self {
            inputs: vpp_definitions::inputs(inputs),
            options: Options::default(),
            wire_path: RustPath::of_crate("vpp_wire"),
            serde: false,
            registry: false,
        }
    }

    /// Reads one more folder or file.
    #[must_use]
    pub fn input(mut self, input: impl Into<Input>) -> Self {
        self.inputs.push(input.into());
        self
    }

    /// Looks in `folder` for what `.api` files import, behind those given before. Default:
    /// the folders above each file, the nearest first, which suits files in a source tree;
    /// a plugin elsewhere that imports `vnet/interface_types.api` needs the folder of VPP's
    /// sources that has `vnet`, or of its installed definitions (`/usr/share/vpp/api`), as
    /// [`Compiler::include`](vpp_definitions::Compiler::include) says. What is imported makes a module of its own as far as its
    /// types are used; it need not be an input.
    #[must_use]
    pub fn include(mut self, folder: impl Into<PathBuf>) -> Self {
        self.options.compiler = self.options.compiler.include(folder);
        self
    }

    /// The release whose rules `.api` files follow. Default: the newest; from 22.06 on it
    /// makes no difference to the bindings.
    #[must_use]
    pub fn release(mut self, release: Release) -> Self {
        self.options.compiler = self.options.compiler.release(release);
        self
    }

    /// Generates only these modules and those whose types they use; all where it is
    /// never called.
    #[must_use]
    pub fn modules(mut self, modules: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let wanted = self.options.selection.modules.get_or_insert_default();
        wanted.extend(modules.into_iter().map(|module| module.as_ref().to_owned()));
        self
    }

    /// Generates those of `modules` whose Cargo feature is on, a feature being called as its
    /// module with `-` or `_`; for build scripts. One that the definitions do not have, as
    /// `ping` in VPP 23.02, is left out with a warning.
    #[must_use]
    pub fn modules_of_features(
        mut self,
        modules: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Self {
        let on = modules.into_iter().filter(|module| {
            let feature = module.as_ref().to_uppercase().replace('-', "_");
            std::env::var_os(format!("CARGO_FEATURE_{feature}")).is_some()
        });
        let features = on.map(|module| module.as_ref().to_owned());
        self.options
            .selection
            .optional_modules
            .get_or_insert_default()
            .extend(features);
        self
    }

    /// Where the generated code finds the runtime. Default: `::vpp_wire`.
    ///
    /// # Errors
    /// When `path` is not a Rust path.
    pub fn wire_path(mut self, path: &str) -> Result<Self, Error> {
        self.wire_path = parse_path(path)?;
        Ok(self)
    }

    /// Takes the types of `module` from `path` instead of generating them: a module that this
    /// generator made, as `::vpp_bindings::interface_types`.
    ///
    /// Code that uses a type which is another one there than in the definitions at hand does
    /// not compile, and says so; a module that nothing defines or imports is an error of
    /// [`generate`](Self::generate).
    ///
    /// # Errors
    /// When `path` is not a Rust path.
    pub fn extern_module(mut self, module: impl Into<String>, path: &str) -> Result<Self, Error> {
        self.options
            .selection
            .extern_modules
            .insert(module.into(), parse_path(path)?);
        Ok(self)
    }

    /// Whether types and messages get serde's traits, in VPP's JSON convention.
    /// `vpp-wire` then needs its feature `serde`. Default: no.
    #[must_use]
    pub fn serde(mut self, serde: bool) -> Self {
        self.serde = serde;
        self
    }

    /// Whether `REGISTRY` with every message is generated. Default: no.
    #[must_use]
    pub fn registry(mut self, registry: bool) -> Self {
        self.registry = registry;
        self
    }

    /// The generated files, formatted.
    ///
    /// # Errors
    /// What keeps the definitions from becoming bindings, by file, message and field.
    pub fn generate(&self) -> Result<Vec<Generated>, Error> {
        self.emit(&self.load()?)
    }

    /// Writes the generated files to the folder `out`, which is created if it is missing.
    ///
    /// Files that would not change are left alone, and generated files of modules that
    /// are no longer wanted are removed. Returns what CRCs assume of imports that are JSON, as
    /// [`Compiled::assumed`](vpp_definitions::Compiled::assumed).
    ///
    /// # Errors
    /// As [`generate`](Self::generate), or when `out` cannot be written; nothing
    /// half-written stays behind.
    pub fn generate_to(&self, out: impl AsRef<Path>) -> Result<Vec<Assumed>, Error> {
        let model = self.load()?;
        output::write(out.as_ref(), &self.emit(&model)?, Stale::Source)?;
        Ok(model.assumed)
    }

    /// Writes the generated files to Cargo's `OUT_DIR`, and prints what they depend on for
    /// Cargo. What CRCs assume of imports that are JSON becomes a warning.
    ///
    /// # Errors
    /// As [`generate_to`](Self::generate_to); outside a build script there is no `OUT_DIR`.
    pub fn generate_in_out_dir(&self) -> Result<(), Error> {
        for input in &self.inputs {
            if let Input::Path(path) = input {
                println!("cargo::rerun-if-changed={}", path.display());
            }
        }
        let model = self.load()?;
        for source in &model.files {
            println!("cargo::rerun-if-changed={}", source.display());
        }
        for guess in &model.assumed {
            println!("cargo::warning={guess}");
        }
        for module in self.options.selection.optional_modules.iter().flatten() {
            if !model.sources.iter().any(|source| source.module == *module) {
                println!("cargo::warning=module {module} is not among the definitions; left out");
            }
        }
        let out = std::env::var_os("OUT_DIR").ok_or_else(|| Error::Write {
            path: PathBuf::from("$OUT_DIR"),
            source: std::io::Error::new(
                std::io::ErrorKind::NotFound,
                "the variable is set in build scripts only",
            ),
        })?;
        output::write(Path::new(&out), &self.emit(&model)?, Stale::Source)
    }

    fn load(&self) -> Result<Model, Error> {
        vpp_definitions::load(self.inputs.clone(), &self.options)
    }

    fn emit(&self, model: &Model) -> Result<Vec<Generated>, Error> {
        internal::check_modules(&model.api)?;
        let options = emit::Options {
            wire: names::Path(&self.wire_path),
            serde: self.serde,
            registry: self.registry,
        };
        emit::emit(&model.api, &options)
    }
}

fn parse_path(path: &str) -> Result<RustPath, Error> {
    path.parse().map_err(Error::Path)
}
