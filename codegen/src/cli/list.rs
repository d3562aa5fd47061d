use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::Args;
use vpp_codegen::Error;

/// Print one line a message: name, CRC, kind, reply or details, fields.
#[derive(Args)]
pub(super) struct List {
    /// Folders or files with definitions.
    #[arg(required = true, value_name = "DIR")]
    inputs: Vec<PathBuf>,
}

impl List {
    pub(super) fn run(&self) -> Result<(), Error> {
        let lines = vpp_codegen::list(&self.inputs)?;
        let mut out = BufWriter::new(io::stdout().lock());
        for line in lines {
            // A reader that has seen enough, such as `head`, is no error.
            if writeln!(out, "{line}").is_err() {
                break;
            }
        }
        Ok(())
    }
}
