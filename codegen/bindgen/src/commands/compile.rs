use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use vpp_definitions::{Compiler, Release};

use crate::stderr;

/// Compile .api files to .api.json, as VPP's own tool does.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  vpp-bindgen compile --out json /usr/src/vpp/src
  vpp-bindgen compile --include /usr/src/vpp/src --out json my_plugin.api

Exit status:
  0  written
  2  error; the folder is unchanged")]
pub(super) struct Compile {
    /// .api files, or folders with .api files at any depth.
    #[arg(required = true, value_name = "FILE|DIR")]
    inputs: Vec<PathBuf>,
    /// A folder to search for imports: VPP's sources, or its .api.json files
    /// (/usr/share/vpp/api). Can be repeated; the first folder with the file is used. Default:
    /// the folders above each file.
    #[arg(long = "include", value_name = "DIR")]
    includes: Vec<PathBuf>,
    /// The folder to write to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Leave out prose: comments, vat_help, descriptions of counters.
    #[arg(long)]
    facts_only: bool,
    /// The release whose rules the files follow. From 21.06 to 22.02, the values of enums begin
    /// at 1 and the JSON has fewer keys.
    #[arg(long, value_name = "RELEASE", default_value_t)]
    release: Release,
}

impl Compile {
    pub(super) fn run(&self) -> ExitCode {
        let compiler = Compiler::new()
            .release(self.release)
            .facts_only(self.facts_only);
        let includes = self.includes.iter();
        let compiler = includes.fold(compiler, Compiler::include);
        match compiler.compile_to(&self.inputs, &self.out) {
            Ok(written) => {
                stderr::warnings(written.iter().flat_map(|one| &one.assumed));
                let (count, out) = (written.len(), self.out.display());
                stderr::note(format_args!("{count} modules written to {out}"));
                ExitCode::SUCCESS
            }
            Err(error) => stderr::fail_to_load(error),
        }
    }
}
