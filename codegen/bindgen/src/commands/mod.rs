//! The commands, one file per command.

mod api_socket;
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
mod trace;
mod trace_diff;
mod trace_replay;
mod trace_to_sim;
mod vendor;

use std::process::ExitCode;

use crate::{progress, signals, stderr};

use clap::{Parser, Subcommand};

/// Generate Rust bindings from VPP's API definitions; compare, check and convert definitions.
///
/// Definitions are read from a folder as VPP installs it (core and plugins, or flat), a
/// .api.json file, a file with the array that get_api_json returns, .api sources, a running VPP
/// (24.06 or later) as unix:/run/vpp/api.sock, or the word vendored: the definitions of VPP
/// 26.06 in this program.
///
/// A command writes all files or none. Unchanged files are not touched.
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
  0  success
  1  negative result: breaking changes, missing messages, CRCs that disagree, a message that
     cannot be converted, traces that differ, or a request that VPP refused
  2  error: wrong arguments, or a file or VPP that cannot be read or written")]
struct Program {
    /// Print only errors on standard error: no progress, no warnings, no summaries.
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
    Trace(trace::Trace),
    TraceDiff(trace_diff::TraceDiff),
    TraceReplay(trace_replay::TraceReplay),
    TraceToSim(trace_to_sim::TraceToSim),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    let program = Program::parse();
    if program.quiet {
        stderr::set_quiet();
    }
    observe_progress(!program.quiet && program.command.may_take_long());
    let status = program.command.run();
    progress::hide();
    status
}

/// Observes the library's progress: to defer signals, and to show it if `is_shown`.
fn observe_progress(is_shown: bool) {
    if is_shown {
        // Signals must not be delivered to the threads that draw.
        signals::defer();
        progress::show();
        signals::admit();
    }
    vpp_definitions::progress::observe(|step| {
        progress::update(step);
        signals::defer_while_writing(step);
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
            Self::Trace(command) => command.run(),
            Self::TraceDiff(command) => command.run(),
            Self::TraceReplay(command) => command.run(),
            Self::TraceToSim(command) => command.run(),
            Self::Completions(command) => command.run(),
            Self::Man(command) => command.run(),
        }
    }

    /// Whether the command can show progress. The other commands print output while they read.
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
