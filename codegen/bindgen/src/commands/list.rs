use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::Args;
use vpp_api_tools::MessageLine;

use crate::origin::{Origin, open_all};
use crate::{stderr, stdout};

/// Print one line per message: name, CRC, kind, reply or details, fields.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  vpp-bindgen list /usr/share/vpp/api
  vpp-bindgen list /usr/share/vpp/api/plugins/memif.api.json | grep _details

Exit status:
  0  printed
  2  error")]
pub(super) struct List {
    /// Folders or files with definitions, a running VPP as unix:PATH, or `vendored`.
    #[arg(required = true, value_name = "DIR")]
    inputs: Vec<Origin>,
}

impl List {
    pub(super) fn run(&self) -> ExitCode {
        let lines = match open_all(&self.inputs).and_then(|inputs| Ok(vpp_api_tools::list(inputs)?))
        {
            Ok(lines) => lines,
            Err(error) => return stderr::fail_to_load(error),
        };
        match stdout::ignore_closed_reader(print(&lines)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => stderr::fail(error),
        }
    }
}

fn print(lines: &[MessageLine]) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in lines {
        writeln!(out, "{line}")?;
    }
    out.flush()
}
