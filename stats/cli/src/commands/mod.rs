//! The commands, one file per command.

mod dump;
mod get;
mod ls;
mod serve;
mod source;
mod watch;

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Print, watch and export the counters of a running VPP.
///
/// The counters are read from VPP's stats segment, which is shared memory: reading them costs VPP
/// nothing. Patterns are regular expressions that match anywhere in a name, such as ^/if/ or
/// /drops$.
#[derive(Parser)]
#[command(name = "vpp-stats", version)]
#[command(after_long_help = "\
Examples:
  vpp-stats ls ^/if/
  vpp-stats get /sys/heartbeat /if/rx
  vpp-stats dump --no-zeros ^/err/
  vpp-stats watch ^/if/
  vpp-stats serve --listen 127.0.0.1:9482

Exit status:
  0  success
  1  an entry does not exist
  2  error: wrong arguments, or VPP cannot be read")]
struct Program {
    #[command(flatten)]
    source: source::Source,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Ls(ls::Ls),
    Get(get::Get),
    Dump(dump::Dump),
    Watch(watch::Watch),
    Serve(serve::Serve),
}

/// Whether a command found everything that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Complete,
    Missing,
}

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

/// Runs the command that the arguments name.
pub(crate) fn run() -> ExitCode {
    let program = Program::parse();
    let source = &program.source;
    let outcome = match &program.command {
        Command::Ls(command) => command.run(source),
        Command::Get(command) => command.run(source),
        Command::Dump(command) => command.run(source),
        Command::Watch(command) => command.run(source),
        Command::Serve(command) => command.run(source),
    };
    match outcome {
        Ok(Outcome::Complete) => ExitCode::SUCCESS,
        Ok(Outcome::Missing) => ExitCode::from(1),
        Err(error) => {
            eprintln!("vpp-stats: {error}");
            ExitCode::from(2)
        }
    }
}
