use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::Args;
use vpp_codegen::Line;

use super::place::{Place, open_all};
use super::{answer, tell};

/// Print one line a message: name, CRC, kind, reply or details, fields.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  vpp-bindgen list /usr/share/vpp/api
  vpp-bindgen list /usr/share/vpp/api/plugins/memif.api.json | grep _details

Exit status:
  0  printed
  2  error")]
pub(super) struct List {
    /// Folders or files with definitions; a running VPP, unix:PATH; or `vendored`.
    #[arg(required = true, value_name = "DIR")]
    inputs: Vec<Place>,
}

impl List {
    pub(super) fn run(&self) -> ExitCode {
        let lines = match open_all(&self.inputs).and_then(|inputs| Ok(vpp_codegen::list(inputs)?)) {
            Ok(lines) => lines,
            Err(error) => return tell::failed(error),
        };
        match answer::unless_gone(print(&lines)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => tell::error(error),
        }
    }
}

fn print(lines: &[Line]) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in lines {
        writeln!(out, "{line}")?;
    }
    out.flush()
}
