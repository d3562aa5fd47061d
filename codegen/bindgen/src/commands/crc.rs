use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use vpp_definitions::Compiler;

use crate::origin::{Origin, open_all};
use crate::{stderr, stdout};

/// Recompute the CRC of every message from its definition.
///
/// JSON does not say which enumerators are backwards_compatible, and CRCs leave those out. A
/// message whose CRC is right without the last enumerators of one or two enums counts as one
/// that cannot be recomputed, unless another message of its file says otherwise. With the
/// sources, every CRC can be recomputed.
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
    /// Folders or files with definitions, .api.json or .api; or a running VPP, unix:PATH.
    #[arg(required = true, value_name = "DIR")]
    inputs: Vec<Origin>,
    /// The .api files, or a folder with them, that the JSON was made of; may be given again.
    #[arg(long, value_name = "DIR")]
    sources: Vec<PathBuf>,
    /// A folder that .api files import from; may be given again. Without it, the folders
    /// above each file.
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
