use std::path::{Path, PathBuf};

use vpp_definitions::output::{self, Generated, Stale};
use vpp_definitions::{AssumedCrc, Docs, Error, Input, Model, Options, Release, RustPath};

use crate::{emit, names};

/// Generates Rust modules from API definitions.
///
/// By default it generates every module of the input for the runtime `::vpp_wire`, without
/// serde and without a registry.
#[derive(Debug, Clone)]
pub struct Builder {
    inputs: Vec<Input>,
    options: Options,
    wire_path: RustPath,
    serde: bool,
    registry: bool,
}

impl Builder {
    /// Creates a builder that reads the definitions of `input`: a folder or file, as described
    /// at [`Input`].
    pub fn new(input: impl Into<Input>) -> Self {
        Self::of([input])
    }

    /// Creates a builder that reads several inputs.
    pub fn of(inputs: impl IntoIterator<Item = impl Into<Input>>) -> Self {
        Self {
            inputs: vpp_definitions::inputs(inputs),
            options: Options::default(),
            wire_path: RustPath::of_crate("vpp_wire"),
            serde: false,
            registry: false,
        }
    }

    /// Adds an input.
    #[must_use]
    pub fn input(mut self, input: impl Into<Input>) -> Self {
        self.inputs.push(input.into());
        self
    }

    /// Adds a folder to search for the imports of `.api` files, after those added before.
    ///
    /// By default, the folders above each file are searched, the nearest first. This suits files
    /// in a source tree. A plugin elsewhere that imports `vnet/interface_types.api` needs the
    /// folder of VPP's sources that contains `vnet`, or VPP's installed definitions
    /// (`/usr/share/vpp/api`); see
    /// [`Compiler::include`](vpp_definitions::Compiler::include). An imported file becomes a
    /// module with the types that are used. It does not have to be an input.
    #[must_use]
    pub fn include(mut self, folder: impl Into<PathBuf>) -> Self {
        self.options.compiler = self.options.compiler.include(folder);
        self
    }

    /// Sets the release whose rules `.api` files follow. Default: the newest. From 22.06 on,
    /// all releases result in the same bindings.
    #[must_use]
    pub fn release(mut self, release: Release) -> Self {
        self.options.compiler = self.options.compiler.release(release);
        self
    }

    /// Generates only these modules and the modules whose types they use. Default: all modules.
    #[must_use]
    pub fn modules(mut self, modules: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let wanted = self.options.selection.modules.get_or_insert_default();
        wanted.extend(modules.into_iter().map(|module| module.as_ref().to_owned()));
        self
    }

    /// Generates only these messages, by name or key (`memif_create_v2` or
    /// `memif_create_v2_8c7de5f7`), the replies, details and events that answer them, and the
    /// types that they need.
    ///
    /// `MESSAGES` of the generated `mod.rs` then lists what the program exchanges with VPP.
    /// With [`modules`](Self::modules), those modules are generated completely as well.
    ///
    /// [`generate`](Self::generate) fails if a message is not defined, has another CRC, or is
    /// in an [`extern_module`](Self::extern_module).
    #[must_use]
    pub fn messages(mut self, messages: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let wanted = self.options.selection.messages.get_or_insert_default();
        wanted.extend(messages.into_iter().map(|name| name.as_ref().to_owned()));
        self
    }

    /// Documents messages, types and fields with `docs`, which replace the comments of the
    /// definitions, and the docs of an earlier call.
    #[must_use]
    pub fn docs(mut self, docs: Docs) -> Self {
        self.options.selection.docs = docs;
        self
    }

    /// Generates those of `modules` whose Cargo feature is enabled. For build scripts.
    ///
    /// A feature has the name of its module, with `-` or `_`. A module that the definitions do
    /// not contain, such as `ping` in VPP 23.02, is left out with a warning.
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

    /// Sets the path of the runtime in generated code. Default: `::vpp_wire`.
    ///
    /// # Errors
    /// `path` is not a Rust path.
    pub fn wire_path(mut self, path: &str) -> Result<Self, Error> {
        self.wire_path = parse_path(path)?;
        Ok(self)
    }

    /// Uses the types of `module` from `path` instead of generating them. `path` is a generated
    /// module, such as `::vpp_bindings::interface_types`.
    ///
    /// If a type there differs from the definitions, the generated code fails to compile with
    /// an error that names the type. If no file defines or imports `module`,
    /// [`generate`](Self::generate) fails.
    ///
    /// # Errors
    /// `path` is not a Rust path.
    pub fn extern_module(mut self, module: impl Into<String>, path: &str) -> Result<Self, Error> {
        self.options
            .selection
            .extern_modules
            .insert(module.into(), parse_path(path)?);
        Ok(self)
    }

    /// Sets whether types and messages implement serde's traits, in VPP's JSON convention.
    /// `vpp-wire` then needs its feature `serde`. Default: no.
    #[must_use]
    pub fn serde(mut self, serde: bool) -> Self {
        self.serde = serde;
        self
    }

    /// Sets whether to generate `REGISTRY`, the list of all messages. Default: no.
    #[must_use]
    pub fn registry(mut self, registry: bool) -> Self {
        self.registry = registry;
        self
    }

    /// Generates the files, formatted.
    ///
    /// # Errors
    /// The definitions cannot be read, or are not valid. The error names the file, message and
    /// field.
    pub fn generate(&self) -> Result<Vec<Generated>, Error> {
        self.emit(&self.load()?)
    }

    /// Writes the generated files to the folder `out`, which is created if it is missing.
    ///
    /// Unchanged files are not touched. Generated files of modules that are no longer selected
    /// are removed. Returns the CRCs that depend on an assumption about imports that are JSON;
    /// see [`CompiledFile::assumed`](vpp_definitions::CompiledFile::assumed).
    ///
    /// # Errors
    /// As [`generate`](Self::generate), or `out` cannot be written. `out` is then unchanged.
    pub fn generate_to(&self, out: impl AsRef<Path>) -> Result<Vec<AssumedCrc>, Error> {
        let model = self.load()?;
        output::write(out.as_ref(), &self.emit(&model)?, Stale::Source)?;
        Ok(model.assumed)
    }

    /// Writes the generated files to Cargo's `OUT_DIR`. For build scripts.
    ///
    /// Prints the files to watch for Cargo, and a warning per CRC that depends on an assumption.
    ///
    /// # Errors
    /// As [`generate_to`](Self::generate_to), or `OUT_DIR` is not set.
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
        for assumed in &model.assumed {
            println!("cargo::warning={assumed}");
        }
        for module in self.options.selection.optional_modules.iter().flatten() {
            if !model.sources.iter().any(|source| source.module == *module) {
                println!("cargo::warning=module {module} is not in the definitions; left out");
            }
        }
        let out = std::env::var_os("OUT_DIR").ok_or_else(|| Error::Write {
            path: PathBuf::from("$OUT_DIR"),
            source: std::io::Error::new(
                std::io::ErrorKind::NotFound,
                "the variable is only set in build scripts",
            ),
        })?;
        output::write(Path::new(&out), &self.emit(&model)?, Stale::Source)
    }

    fn load(&self) -> Result<Model, Error> {
        vpp_definitions::load(self.inputs.clone(), &self.options)
    }

    fn emit(&self, model: &Model) -> Result<Vec<Generated>, Error> {
        vpp_definitions::check_modules(&model.api)?;
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
