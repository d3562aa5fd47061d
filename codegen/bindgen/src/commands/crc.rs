use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use vpp_definitions::Compiler;

use crate::origin::{Origin, open_all};
use crate::{stderr, stdout};

/// Recompute the CRC of every message from its definition.
///
/// CRCs leave out backwards_compatible enumerators, which JSON does not mark. If a CRC is right
/// without the last enumerators of one or two enums, it is reported as one that cannot be
/// recomputed, unless another message of the file shows that the enumerators are not marked.
/// With the sources, every CRC can be recomputed.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  vpp-bindgen crc /usr/share/vpp/api
  vpp-bindgen crc /usr/share/vpp/api --sources /usr/src/vpp/src

Exit status:
  0  no CRC disagrees
  1  some disagree
  2  error")]
pub(super) struct Crc {
    /// Folders or files with definitions (.api.json or .api), or a running VPP as unix:PATH.
    #[arg(required = true, value_name = "DIR")]
    inputs: Vec<Origin>,
    /// The .api files that the JSON was compiled from, or a folder with them. Can be repeated.
    #[arg(long, value_name = "DIR")]
    sources: Vec<PathBuf>,
    /// A folder to search for imports of .api files. Can be repeated. Default: the folders above
    /// each file.
    #[arg(long = "include", value_name = "DIR")]
    includes: Vec<PathBuf>,
}

impl Crc {
    pub(super) fn run(&self) -> ExitCode {
        let compiler = self
            .includes
            .iter()
            .fold(Compiler::new(), Compiler::include);
        let report = open_all(&self.inputs)
            .and_then(|inputs| Ok(vpp_definitions::crcs(inputs, &self.sources, &compiler)?));
        let report = match report {
            Ok(report) => report,
            Err(error) => return stderr::fail_to_load(error),
        };
        if let Err(error) = stdout::print(&format!("{report}\n")) {
            return stderr::fail(error);
        }
        if report.disagree.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}
