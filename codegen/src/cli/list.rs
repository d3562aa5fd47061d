use std::io::{self, BufWriter, Write};

use clap::Args;
use vpp_codegen::live::LiveError;

use super::place::{Place, open_all};

/// Print one line a message: name, CRC, kind, reply or details, fields.
#[derive(Args)]
pub(super) struct List {
    /// Folders or files with definitions; a running VPP, unix:PATH; or `vendored`.
    #[arg(required = true, value_name = "DIR")]
    inputs: Vec<Place>,
}

impl List {
    pub(super) fn run(&self) -> Result<(), LiveError> {
        let lines = vpp_codegen::list(open_all(&self.inputs)?)?;
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
