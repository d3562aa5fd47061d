//! One file a command; each is its options and what it does with them.

mod check;
mod compile;
mod crc;
mod decode;
mod diff;
mod encode;
mod generate;
mod list;
mod needs;
mod place;
mod vendor;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Rust bindings from VPP's API definitions.
#[derive(Parser)]
#[command(name = "vpp-bindgen", version, about)]
struct Program {
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
}

/// Runs the command that the arguments name.
pub(crate) fn run() -> ExitCode {
    let result = match Program::parse().command {
        Command::Check(command) => return command.run(),
        Command::Compile(command) => return command.run(),
        Command::Generate(command) => command.run(),
        Command::Vendor(command) => command.run(),
        Command::List(command) => command.run(),
        Command::Crc(command) => return command.run(),
        Command::Decode(command) => return command.run(),
        Command::Diff(command) => return command.run(),
        Command::Encode(command) => return command.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            compile::print_error(&error);
            ExitCode::FAILURE
        }
    }
}
