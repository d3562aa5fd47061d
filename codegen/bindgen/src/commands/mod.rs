//! One file per command: its options and what it does.

mod check;
mod compile;
mod completions;
mod crc;
mod decode;
mod diff;
mod encode;
mod generate;
mod list;
mod man;
mod vendor;

use std::process::ExitCode;

use crate::{progress, signals, stderr};

use clap::{Parser, Subcommand};

/// Rust bindings from VPP's API definitions.
///
/// Definitions are a folder as VPP installs it (core and plugins, or flat), one .api.json
/// file, the array that get_api_json returns, .api sources, a running VPP (24.06 or later) as
/// unix:/run/vpp/api.sock, or the word vendored: VPP 26.06 as it came with this program.
///
/// A folder that is written to has all files of a run, or those of before it. Files that would
/// not change are not touched.
#[derive(Parser)]
#[command(name = "vpp-bindgen", version)]
#[command(after_long_help = "\
Examples:
  vpp-bindgen generate --api-dir /usr/share/vpp/api --modules memif,interface --out src/vpp
  vpp-bindgen list /usr/share/vpp/api
  vpp-bindgen diff vendored unix:/run/vpp/api.sock
  vpp-bindgen check --socket /run/vpp/api.sock
  vpp-bindgen help generate

Exit status:
  0  done
  1  the answer is no: something breaks, messages are missing, CRCs disagree, a message
     cannot be converted
  2  error: wrong arguments, or something that cannot be read or written")]
struct Program {
    /// Say nothing but errors: no progress, no warnings, not what was written.
    #[arg(short, long, global = true, display_order = 998)]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Check),
    Compile(compile::Compile),
    Generate(generate::Generate),
    Vendor(vendor::Vendor),
    List(list::List),
    Crc(crc::Crc),
    Decode(decode::Decode),
    Diff(diff::Diff),
    Encode(encode::Encode),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    let program = Program::parse();
    if program.quiet {
        stderr::set_quiet();
    }
    watch(!program.quiet && program.command.may_take_long());
    let status = program.command.run();
    progress::hide();
    status
}

/// Follows the library's work: for its signals always, and for all to see where wanted.
fn watch(shown: bool) {
    if shown {
        // The threads that draw must take no signal in place of the one that works.
        signals::defer();
        progress::show();
        signals::admit();
    }
    vpp_definitions::progress::observe(|step| {
        progress::update(step);
        signals::heed(step);
    });
}

impl Command {
    fn run(&self) -> ExitCode {
        match self {
            Self::Check(command) => command.run(),
            Self::Compile(command) => command.run(),
            Self::Generate(command) => command.run(),
            Self::Vendor(command) => command.run(),
            Self::List(command) => command.run(),
            Self::Crc(command) => command.run(),
            Self::Decode(command) => command.run(),
            Self::Diff(command) => command.run(),
            Self::Encode(command) => command.run(),
            Self::Completions(command) => command.run(),
            Self::Man(command) => command.run(),
        }
    }

    /// The others answer while they read.
    fn may_take_long(&self) -> bool {
        matches!(
            self,
            Self::Check(_)
                | Self::Compile(_)
                | Self::Generate(_)
                | Self::Vendor(_)
                | Self::Crc(_)
                | Self::Diff(_)
        )
    }
}
