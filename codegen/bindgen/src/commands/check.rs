use std::path::PathBuf;
use std::process::ExitCode;

use super::api_socket::ApiSocket;
use crate::check::{CheckReport, Needs};
use crate::live;
use clap::{Args, ValueEnum};

use crate::check::read_needs;
use crate::origin::{Origin, TIMEOUT, open_all};
use crate::{stderr, stdout};

/// Check whether a running VPP has the messages that a program needs.
///
/// A message is present, absent (the report names its plugin), or present with a different CRC,
/// so that VPP rejects the program's message. Without a list, the messages that cnivpp needs
/// are checked.
///
/// A list has one need per line: a message by name and CRC (memif_create_b1b25061), or by name
/// alone, which matches any CRC. If the program can fall back to older messages, the line lists
/// them after the newest, separated by |. A line such as "proxy ARP:" names the configurations
/// that need the messages after it. These are reported, but may be missing. # starts a comment.
#[derive(Args)]
#[command(after_long_help = "\
JSON (--format json), one object:
  schema    1; it changes only if a key is removed or changes its meaning
  socket, version, fit
  messages  each has name, state (present, absent, other_crc), preferred (the newest message
            of the need), and if known crc, vpp_crc, module, plugin (null for VPP itself),
            newest_release; only_for if only some configurations need it

Examples:
  vpp-bindgen check --socket /run/vpp/api.sock
  vpp-bindgen check --messages used.txt --format json

Exit status:
  0  VPP has all messages that every configuration needs
  1  some of these messages are missing
  2  error")]
pub(super) struct Check {
    #[command(flatten)]
    vpp: ApiSocket,
    /// The file with the list of messages; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    messages: Option<PathBuf>,
    /// Definitions with the CRCs of messages that are listed without CRC: a folder or file, or
    /// `vendored`. Can be repeated.
    #[arg(long = "api-dir", value_name = "DIR", requires = "messages")]
    definitions: Vec<Origin>,
    /// The output format.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For tools.
    Json,
}

impl Check {
    pub(super) fn run(&self) -> ExitCode {
        match self.report() {
            Ok(report) => {
                let text = match self.format {
                    Format::Text => report.to_string(),
                    Format::Json => format!("{:#}", report.json()),
                };
                match stdout::print(&format!("{text}\n")) {
                    Ok(()) => ExitCode::from(u8::from(!report.is_fit())),
                    Err(error) => stderr::fail(error),
                }
            }
            Err(error) => stderr::fail(error),
        }
    }

    fn report(&self) -> Result<CheckReport, String> {
        let needs = self.needs()?;
        let vpp = live::query(&self.vpp.socket, TIMEOUT).map_err(|error| error.to_string())?;
        Ok(CheckReport::of(vpp, &needs))
    }

    fn needs(&self) -> Result<Needs, String> {
        let Some(file) = &self.messages else {
            return Ok(Needs::of_cnivpp());
        };
        let needs = read_needs(file)?;
        if self.definitions.is_empty() {
            return Ok(needs);
        }
        let definitions = open_all(&self.definitions).map_err(|error| error.to_string())?;
        needs
            .with_crcs_of(&definitions)
            .map_err(|error| error.to_string())
    }
}
