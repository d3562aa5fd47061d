use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::live::{Completion, LiveError, RunningVpp};
use clap::Args;

use crate::origin::{Origin, open_all};
use crate::stderr;

/// Copy definitions without comments.
///
/// The files have the same paths as in the source (core, plugins). Other .api.json files in the
/// folder are removed; files of other kinds are not touched.
///
/// A running VPP (24.06 or later) returns the definitions of its loaded plugins. It does not
/// return memclnt and modules that register their messages by hand. These are taken from
/// --others and from the definitions in this program if the CRCs match; the others are reported.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  vpp-bindgen vendor --from /usr/share/vpp/api --out api-json/v26.06 --modules memif,ip
  vpp-bindgen vendor --from unix:/run/vpp/api.sock --out api-json/mine
  vpp-bindgen vendor --from vpp/src --out api-json/v26.06

Exit status:
  0  written
  2  error; the folder is unchanged")]
pub(super) struct Vendor {
    /// The definitions: a folder such as /usr/share/vpp/api, a file, .api sources, a running VPP
    /// as unix:PATH, or `vendored`, the definitions in this program.
    #[arg(long, value_name = "DIR|unix:PATH")]
    from: Origin,
    /// Definitions of messages that a running VPP does not return. Can be repeated.
    #[arg(long, value_name = "DIR")]
    others: Vec<Origin>,
    /// The folder to write to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Copy only these modules and their imports.
    #[arg(long, value_delimiter = ',', value_name = "MODULE")]
    modules: Vec<String>,
}

impl Vendor {
    pub(super) fn run(&self) -> ExitCode {
        match self.vendor() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => stderr::fail_to_load(error),
        }
    }

    fn vendor(&self) -> Result<(), LiveError> {
        let from = self.from.open(&open_all(&self.others)?)?;
        let written = vpp_api_tools::vendor(from.input, &self.out, &self.modules)?;
        if let Some((vpp, completion)) = &from.running {
            stderr::note(describe(vpp, completion).trim_end());
        }
        let (count, out) = (written.len(), self.out.display());
        stderr::note(format_args!("{count} modules written to {out}"));
        Ok(())
    }
}

/// Describes the definitions that were added to those of a running VPP.
fn describe(vpp: &RunningVpp, completion: &Completion) -> String {
    let mut text = String::new();
    let added: usize = completion.added.values().map(Vec::len).sum();
    let (version, messages) = (&vpp.version, vpp.messages.len());
    // Writing to a `String` is infallible.
    let _ = writeln!(
        text,
        "VPP {version} has {messages} messages; it does not define {}",
        added + completion.undefined.len()
    );
    for (module, messages) in &completion.added {
        let _ = writeln!(
            text,
            "  {module}: {} messages, from other definitions with the same CRCs",
            messages.len()
        );
    }
    for message in &completion.undefined {
        let (name, crc) = (&message.name, message.crc);
        let _ = match message.other {
            Some(other) => writeln!(
                text,
                "  {name}_{crc:08x}: left out, the available definition has CRC {other:08x}; use \
                 --others to add a matching one"
            ),
            None => writeln!(
                text,
                "  {name}_{crc:08x}: left out, no definition available; use --others to add one"
            ),
        };
    }
    text
}
