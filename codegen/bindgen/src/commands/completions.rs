use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Program;
use crate::{stderr, stdout};

/// Print the completion script of a shell.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  vpp-bindgen completions bash > ~/.local/share/bash-completion/completions/vpp-bindgen
  vpp-bindgen completions zsh > ~/.zfunc/_vpp-bindgen
  vpp-bindgen completions fish > ~/.config/fish/completions/vpp-bindgen.fish

Exit status:
  0  printed
  2  error")]
pub(super) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self) -> ExitCode {
        let mut program = Program::command();
        let name = program.get_name().to_owned();
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut program, name, &mut script);
        match stdout::print(&String::from_utf8_lossy(&script)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => stderr::fail(error),
        }
    }
}
