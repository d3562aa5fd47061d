use std::path::PathBuf;
use std::process::ExitCode;

use crate::check::{Needs, read_needs};
use crate::live::LiveError;
use clap::Args;
use vpp_codegen::Builder;
use vpp_definitions::Release;

use crate::origin::{Origin, open_all};
use crate::stderr;

/// Generate Rust source: one file per module and a mod.rs.
///
/// Unchanged files are not touched. Generated files of modules that are no longer selected are
/// removed.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  vpp-bindgen generate --api-dir /usr/share/vpp/api --modules memif,interface --out src/vpp
  vpp-bindgen generate --api-dir my_plugin.api.json --out src/vpp \\
      --extern-module interface_types=::vpp_bindings::interface_types
  vpp-bindgen generate --api-dir vendored --messages used.txt --out src/vpp
  vpp-bindgen generate --api-dir /usr/src/vpp/src/plugins --all --serde --out src/vpp

Exit status:
  0  written
  2  error; the folder is unchanged")]
pub(super) struct Generate {
    /// A folder or file with definitions (.api.json or .api), a running VPP as unix:PATH, or
    /// `vendored`, the definitions in this program. Can be repeated.
    #[arg(long = "api-dir", required = true, value_name = "DIR")]
    inputs: Vec<Origin>,
    /// A folder to search for imports of .api files: VPP's sources, or its .api.json files. Can
    /// be repeated. Default: the folders above each file.
    #[arg(long = "include", value_name = "DIR")]
    includes: Vec<PathBuf>,
    /// The release whose rules .api files follow.
    #[arg(long, value_name = "RELEASE", default_value_t)]
    release: Release,
    /// Generate only these modules and those whose types they use.
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "MODULE",
        conflicts_with = "all"
    )]
    modules: Vec<String>,
    /// Generate only the messages in this list, the messages that answer them, and the types that
    /// they need. The list has the format of `check --messages`; `-` reads standard input. All
    /// its messages must be defined, alternatives and optional ones included. MESSAGES of mod.rs
    /// then lists what the program exchanges with VPP.
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    messages: Option<PathBuf>,
    /// Generate all modules (the default).
    #[arg(long)]
    all: bool,
    /// The folder to write to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Implement serde's traits, in VPP's JSON convention.
    #[arg(long)]
    serde: bool,
    /// Generate the registry of all messages.
    #[arg(long)]
    registry: bool,
    /// The path of the runtime in generated code.
    #[arg(long, default_value = "::vpp_wire", value_name = "PATH")]
    wire_path: String,
    /// Use a module's types from another path instead of generating them. Can be repeated.
    #[arg(long = "extern-module", value_name = "MODULE=PATH", value_parser = module_and_path)]
    extern_modules: Vec<(String, String)>,
}

fn module_and_path(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(module, path)| (module.to_owned(), path.to_owned()))
        .ok_or_else(|| "expected MODULE=PATH, such as ip_types=::vpp_bindings::ip_types".to_owned())
}

impl Generate {
    pub(super) fn run(&self) -> ExitCode {
        let messages = match self.messages.as_deref().map(read_needs).transpose() {
            Ok(messages) => messages,
            Err(error) => return stderr::fail(error),
        };
        match self.generate(messages.as_ref()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => stderr::fail_to_load(error),
        }
    }

    fn generate(&self, messages: Option<&Needs>) -> Result<(), LiveError> {
        let mut builder = self.builder()?;
        if let Some(messages) = messages {
            builder = builder.messages(messages.keys());
        }
        stderr::warnings(builder.generate_to(&self.out)?);
        Ok(())
    }

    fn builder(&self) -> Result<Builder, LiveError> {
        let mut builder = Builder::of(open_all(&self.inputs)?)
            .serde(self.serde)
            .registry(self.registry)
            .release(self.release)
            .wire_path(&self.wire_path)?;
        for folder in &self.includes {
            builder = builder.include(folder);
        }
        if !self.modules.is_empty() {
            builder = builder.modules(&self.modules);
        }
        for (module, path) in &self.extern_modules {
            builder = builder.extern_module(module, path)?;
        }
        Ok(builder)
    }
}
