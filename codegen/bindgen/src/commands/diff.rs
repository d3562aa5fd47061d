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

/// Compare two sets of definitions, and report which changes break programs.
///
/// OLD and NEW are folders as VPP installs them, .api.json files, files with the array that
/// get_api_json returns, .api sources, a running VPP as unix:PATH (24.06 or later; it has the
/// modules of the plugins that are loaded), or the word vendored: the definitions in this
/// program.
///
/// Comments, versions and the options case and discriminator are not compared. The replies and
/// events of a message are compared only if both sides contain the message.
#[derive(Args)]
#[command(after_long_help = "\
Breaking, because a program written for OLD fails with NEW:
  - a message is removed, or has a different CRC for any reason: VPP rejects it
  - the replies of a message changed: a different reply, kind of stream or details, or a
    removed event or service
  - a type is removed, or has a different kind (an enum that became an enumflag)
  - a field of a type is added, removed, renamed, moved or retyped, or its array has a
    different length or count
  - an enumerator is removed, renamed or renumbered
  - the width of an enum or the target of an alias changed. No CRC shows this; the messages
    that contain the type are reported as changed with the same CRC

Not breaking:
  - additions: messages, types, enumerators, events
  - a different default, module, or order of enumerators that changes no CRC
  - a message becomes deprecated, in progress or replaced

JSON (--format json), one object:
  schema    1; it changes only if a key is removed or changes its meaning
  old, new  the names of the definitions
  breaking  whether any change is breaking
  summary   {messages, types, services}, each {added, removed, changed, crc_changed, breaking}
  modules   {added, removed}: names
  changes   breaking first, then by module, kind and name; each has module, kind
            (message, type, service), name, state (removed, changed, added), breaking,
            and if known old_crc, new_crc, see, reasons
  reasons   each has what (field_added, type_changed, …), breaking, and if applicable
            place, old, new, and for a nested type its own reasons

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
    /// The definitions of the VPP that they run with.
    new: Origin,
    /// Compare only what these modules define.
    #[arg(long, value_delimiter = ',', value_name = "MODULE")]
    modules: Vec<String>,
    /// Compare only the messages in this file, with their replies, events and types; `-` is
    /// standard input. The file has one name or name_crc per line, or several separated by |.
    /// # starts a comment. A CRC that neither side has is an error.
    #[arg(long, value_name = "FILE")]
    only_used: Option<PathBuf>,
    /// The output format.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people, in colour on a terminal unless NO_COLOR is set.
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

    /// Opens both sides. Messages that a running VPP does not define are taken from the other
    /// side if the CRCs match.
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
