use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man as Page;
use clap_mangen::roff::{Roff, roman};
use vpp_definitions::output::{Generated, write_files};

use super::Program;
use crate::{stderr, stdout};

/// Write the manual pages: one for the program and one per command.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  vpp-bindgen man --out ~/.local/share/man/man1
  vpp-bindgen man | man -l -

Exit status:
  0  written
  2  error; the folder is unchanged")]
pub(super) struct Man {
    /// The folder to write to; other files in it are not touched. Default: print the page of the
    /// program on standard output.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(&self) -> ExitCode {
        match self.write_pages() {
            Ok(count) => {
                if let (Some(out), Some(count)) = (&self.out, count) {
                    stderr::note(format_args!("{count} pages written to {}", out.display()));
                }
                ExitCode::SUCCESS
            }
            Err(error) => stderr::fail(error),
        }
    }

    /// Writes the pages. Returns their number if they were written to a folder.
    fn write_pages(&self) -> Result<Option<usize>, String> {
        let mut program = Program::command().disable_help_subcommand(true);
        program.build();
        let main = page(&program).map_err(|error| error.to_string())?;
        let Some(out) = &self.out else {
            return stdout::print(&main.text)
                .map(|()| None)
                .map_err(|error| error.to_string());
        };
        let commands = program.get_subcommands().map(page);
        let pages = std::iter::once(Ok(main)).chain(commands);
        let pages = pages.collect::<io::Result<Vec<_>>>();
        let pages = pages.map_err(|error| error.to_string())?;
        write_files(out, &pages).map_err(|error| error.to_string())?;
        Ok(Some(pages.len()))
    }
}

fn page(command: &Command) -> io::Result<Generated> {
    let name = command.get_display_name().unwrap_or(command.get_name());
    let page = Page::new(command.clone())
        .source(format!("vpp-bindgen {}", env!("CARGO_PKG_VERSION")))
        .manual("VPP API bindings");
    let mut text = Vec::new();
    page.render_title(&mut text)?;
    page.render_name_section(&mut text)?;
    page.render_synopsis_section(&mut text)?;
    page.render_description_section(&mut text)?;
    page.render_options_section(&mut text)?;
    if command.has_subcommands() {
        page.render_subcommands_section(&mut text)?;
    }
    sections(command).to_writer(&mut text)?;
    Ok(Generated {
        name: format!("{name}.1"),
        text: String::from_utf8_lossy(&text).into_owned(),
    })
}

/// Formats the text after the options with its own headings. clap's own page would join the lines
/// of examples to a paragraph.
fn sections(command: &Command) -> Roff {
    let mut roff = Roff::default();
    let help = command.get_after_long_help();
    let help = help.map(ToString::to_string).unwrap_or_default();
    for line in help.lines() {
        match line.strip_suffix(':') {
            Some(heading) if !heading.starts_with(' ') => {
                roff.control("fi", []);
                roff.control("SH", [heading.to_uppercase().as_str()]);
                roff.control("nf", []);
            }
            _ => {
                roff.text([roman(line)]);
            }
        }
    }
    roff.control("fi", []);
    roff
}
