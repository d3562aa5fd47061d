use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use vpp_definitions::{Compiler, Release};

use crate::stderr;

/// Make the .api.json of .api files, as VPP's own tool does.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  vpp-bindgen compile --out json /usr/src/vpp/src
  vpp-bindgen compile --include /usr/src/vpp/src --out json my_plugin.api

Exit status:
  0  written
  2  error; the folder is as it was")]
pub(super) struct Compile {
    /// Files of the API language, or folders that have some below them.
    #[arg(required = true, value_name = "FILE|DIR")]
    inputs: Vec<PathBuf>,
    /// A folder that imports are looked for in, of VPP's sources or of its .api.json files
    /// (/usr/share/vpp/api); may be given again, the first that has the file counts. Without
    /// it, the folders above each file.
    #[arg(long = "include", value_name = "DIR")]
    includes: Vec<PathBuf>,
    /// The folder to write to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Leave out what is written for people: comments, vat_help, descriptions of counters.
    #[arg(long)]
    facts_only: bool,
    /// The release whose rules the files follow: from 21.06 to 22.02 the values of enums begin
    /// at 1, and the JSON has fewer keys.
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
