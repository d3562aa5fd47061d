use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::live::LiveError;
use clap::{Args, ValueEnum};
use vpp_api_tools::{DiffOptions, Report, Style};
use vpp_definitions::Input;

use crate::check::read_needs;
use crate::origin::Origin;
use crate::{stderr, stdout};

/// Say what changed between two sets of definitions, and what of it breaks programs.
///
/// OLD and NEW are folders as VPP installs them, single .api.json files, files with the
/// array that get_api_json returns, or .api sources; a running VPP as unix:PATH (from
/// 24.06 on; it has the modules of the plugins that it has loaded); or the word vendored,
/// the definitions that came with this program.
///
/// Comments, versions and the options case and discriminator are not compared. What answers a
/// message comes and goes with it, and is a change of its own only where both sides have the
/// message.
#[derive(Args)]
#[command(after_long_help = "\
Breaking, as a program written for OLD stumbles over it with NEW:
  - a message is removed, or its CRC is another: whatever the reason, VPP no longer takes it
  - a message is answered otherwise: another reply, another kind of stream, other details, an
    event or the service gone
  - a type is removed, or is another kind of type (an enum that became an enumflag)
  - a field of a type is added, removed, renamed, moved or retyped, its array has another
    length or count
  - an enumerator is removed, renamed or renumbered
  - the width of an enum or the target of an alias changed: no CRC says so, and the messages
    that hold it are named, as changed under the same CRC

Not breaking:
  - what is added: messages, types, enumerators, events
  - another default, another module, another order of enumerators that changes no CRC
  - a message becomes deprecated, in progress or replaced

JSON (--format json), one object:
  schema    1; other only when a key changes its meaning or goes
  old, new  where the definitions are
  breaking  whether any change is
  summary   {messages, types, services}, each {added, removed, changed, crc_changed, breaking}
  modules   {added, removed}: names
  changes   breaking first, then by module, kind and name; each has module, kind
            (message, type, service), name, state (removed, changed, added), breaking,
            and where they are known old_crc, new_crc, see, reasons
  reasons   each has what (field_added, type_changed, …), breaking, and where they say
            something place, old, new, and for a nested type its own reasons

Examples:
  vpp-bindgen diff /opt/vpp-24.06/api /usr/share/vpp/api
  vpp-bindgen diff vendored unix:/run/vpp/api.sock --only-used messages.txt
  vpp-bindgen diff v24.06 v26.06 --modules memif,ip --format markdown > notes.md
  vpp-bindgen diff v24.06 v26.06 --only-used messages.txt || echo 'the program has to change'

Exit status:
  0  nothing breaking
  1  something breaking
  2  error")]
pub(super) struct Diff {
    /// The definitions that programs were written for.
    old: Origin,
    /// The definitions that they meet now.
    new: Origin,
    /// Only what these modules define.
    #[arg(long, value_delimiter = ',', value_name = "MODULE")]
    modules: Vec<String>,
    /// Only the messages that this file lists, what answers them, and the types in them;
    /// `-` reads standard input. One name or name_crc a line, or several with | between;
    /// behind # is a comment. A CRC that neither side has is an error.
    #[arg(long, value_name = "FILE")]
    only_used: Option<PathBuf>,
    /// How to say it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people, in colour on a terminal where NO_COLOR is not set.
    Text,
    /// For tools.
    Json,
    /// For release notes.
    Markdown,
}

impl Diff {
    pub(super) fn run(&self) -> ExitCode {
        let written = self.report().and_then(|report| {
            let text = self.text(&report)?;
            stdout::print(&text).map_err(|error| error.to_string())?;
            Ok(report.breaking)
        });
        match written {
            Ok(false) => ExitCode::SUCCESS,
            Ok(true) => ExitCode::from(1),
            Err(error) => stderr::fail(error),
        }
    }

    fn report(&self) -> Result<Report, String> {
        let options = DiffOptions {
            modules: self.modules.clone(),
            used: self.used()?,
        };
        let (old, new) = self.sides().map_err(|error| error.to_string())?;
        vpp_api_tools::diff([old], [new], &options).map_err(|error| error.to_string())
    }

    fn used(&self) -> Result<Option<Vec<String>>, String> {
        let needs = self.only_used.as_deref().map(read_needs).transpose()?;
        Ok(needs.map(|needs| needs.keys().collect()))
    }

    /// What a running VPP leaves out of its own definitions is as the other side has it,
    /// where the CRC agrees.
    fn sides(&self) -> Result<(Input, Input), LiveError> {
        if let Origin::Running(_) = self.old {
            let new = self.new.open(&[])?.input;
            let old = self.old.open(std::slice::from_ref(&new))?.input;
            return Ok((old, new));
        }
        let old = self.old.open(&[])?.input;
        let new = self.new.open(std::slice::from_ref(&old))?.input;
        Ok((old, new))
    }

    fn text(&self, report: &Report) -> Result<String, String> {
        match self.format {
            Format::Text => Ok(report.text(style())),
            Format::Markdown => Ok(report.markdown()),
            Format::Json => report.json().map_err(|error| error.to_string()),
        }
    }
}

fn style() -> Style {
    if stderr::has_colour(&io::stdout()) {
        Style::Colour
    } else {
        Style::Plain
    }
}
