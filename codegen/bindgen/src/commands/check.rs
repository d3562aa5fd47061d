use std::path::PathBuf;
use std::process::ExitCode;

use crate::check::{Fitness, Needs};
use crate::live;
use clap::{Args, ValueEnum};

use crate::check::read_needs;
use crate::origin::{Origin, TIMEOUT, open_all};
use crate::{stderr, stdout};

/// Say whether a running VPP has the messages that a program needs.
///
/// Each is present, absent (and which plugin has it), or there with another CRC, so that VPP
/// would not take the program's message. Without a list, it is what cnivpp needs.
///
/// A list has one need a line: a message by name and CRC (memif_create_b1b25061), or by name
/// alone, whatever its CRC. Where the program falls back to older messages, they follow the
/// newest, with | between. A line such as "proxy ARP:" begins messages that only some
/// configurations need: they are reported, and their absence is not an error. # starts a
/// comment.
#[derive(Args)]
#[command(after_long_help = "\
JSON (--format json), one object:
  schema    1; other only when a key changes its meaning or goes
  socket, version, fit
  messages  each has name, state (present, absent, other_crc), preferred (the newest message
            that would do), and where they are known crc, vpp_crc, module, plugin (null for
            VPP itself), newest_release; only_for where only some configurations need it

Examples:
  vpp-bindgen check --socket /run/vpp/api.sock
  vpp-bindgen check --messages used.txt --format json

Exit status:
  0  the VPP is fit
  1  messages are missing that every configuration needs
  2  error")]
pub(super) struct Check {
    /// The API socket of the VPP.
    #[arg(
        long,
        value_name = "PATH",
        env = "VPP_API_SOCKET",
        default_value = "/run/vpp/api.sock"
    )]
    socket: PathBuf,
    /// The list of messages; `-` reads it from standard input.
    #[arg(long, value_name = "FILE")]
    messages: Option<PathBuf>,
    /// Definitions that messages listed without CRC are of: a folder or file, or `vendored`;
    /// may be given again.
    #[arg(long = "api-dir", value_name = "DIR", requires = "messages")]
    definitions: Vec<Origin>,
    /// How to say it.
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
        match self.fitness() {
            Ok(fitness) => {
                let text = match self.format {
                    Format::Text => fitness.to_string(),
                    Format::Json => format!("{:#}", fitness.json()),
                };
                match stdout::print(&format!("{text}\n")) {
                    Ok(()) => ExitCode::from(u8::from(!fitness.is_fit())),
                    Err(error) => stderr::fail(error),
                }
            }
            Err(error) => stderr::fail(error),
        }
    }

    fn fitness(&self) -> Result<Fitness, String> {
        let needs = self.needed()?;
        let vpp = live::ask(&self.socket, TIMEOUT).map_err(|error| error.to_string())?;
        Ok(Fitness::of(vpp, &needs))
    }

    fn needed(&self) -> Result<Needs, String> {
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
