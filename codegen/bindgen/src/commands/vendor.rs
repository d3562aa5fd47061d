use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::live::{Filled, LiveError, RunningVpp};
use clap::Args;

use crate::origin::{Origin, open_all};
use crate::stderr;

/// Copy definitions as facts, without comments.
///
/// The definitions keep their places (core, plugins). Definitions in the folder that are not
/// among them are removed, other files are left alone.
///
/// A running VPP (24.06 or later) gives its definitions itself, of the modules that its
/// plugins have loaded. What it leaves out (memclnt, and modules that register their messages
/// by hand) is taken from the definitions that came with this program and from --others, as
/// far as the CRCs agree; the rest is named.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  vpp-bindgen vendor --from /usr/share/vpp/api --out api-json/v26.06 --modules memif,ip
  vpp-bindgen vendor --from unix:/run/vpp/api.sock --out api-json/mine
  vpp-bindgen vendor --from vpp/src --out api-json/v26.06

Exit status:
  0  written
  2  error; the folder is as it was")]
pub(super) struct Vendor {
    /// Where they are: a folder such as /usr/share/vpp/api, a file, .api sources; a running
    /// VPP, unix:PATH; or `vendored`, what came with this program.
    #[arg(long, value_name = "DIR|unix:PATH")]
    from: Origin,
    /// Definitions of messages that a running VPP does not give; may be given again.
    #[arg(long, value_name = "DIR")]
    others: Vec<Origin>,
    /// The folder to write to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Only these modules and all that they import.
    #[arg(long, value_delimiter = ',', value_name = "MODULE")]
    modules: Vec<String>,
}

impl Vendor {
    pub(super) fn run(&self) -> ExitCode {
        match self.written() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => stderr::fail_to_load(error),
        }
    }

    fn written(&self) -> Result<(), LiveError> {
        let from = self.from.open(&open_all(&self.others)?)?;
        let written = vpp_api_tools::vendor(from.input, &self.out, &self.modules)?;
        if let Some((vpp, filled)) = &from.running {
            stderr::note(gaps(vpp, filled).trim_end());
        }
        let (count, out) = (written.len(), self.out.display());
        stderr::note(format_args!("{count} modules written to {out}"));
        Ok(())
    }
}

/// What is to be known of definitions that a running VPP gave.
fn gaps(vpp: &RunningVpp, filled: &Filled) -> String {
    let mut text = String::new();
    let taken: usize = filled.taken.values().map(Vec::len).sum();
    let (version, messages) = (&vpp.version, vpp.messages.len());
    // Writing to a string meets no error.
    let _ = writeln!(
        text,
        "VPP {version} has {messages} messages; it gives no definition of {}",
        taken + filled.unknown.len()
    );
    for (module, messages) in &filled.taken {
        let _ = writeln!(
            text,
            "  {module}: {} messages, from definitions at hand with the same CRCs",
            messages.len()
        );
    }
    for message in &filled.unknown {
        let (name, crc) = (&message.name, message.crc);
        let _ = match message.other {
            Some(other) => writeln!(
                text,
                "  {name}_{crc:08x}: left out, the definition at hand has CRC {other:08x}; give one \
                 that fits with --others"
            ),
            None => writeln!(
                text,
                "  {name}_{crc:08x}: left out, no definition at hand; give one with --others"
            ),
        };
    }
    text
}
