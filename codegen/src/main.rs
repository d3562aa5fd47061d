//! `vpp-bindgen`: bindings, vendored definitions and lists from the command line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use vpp_codegen::{Builder, Error};

/// Rust bindings from VPP's API definitions.
#[derive(Parser)]
#[command(name = "vpp-bindgen", version, about)]
struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write Rust source, one file a module and a mod.rs.
    Generate(Generate),
    /// Copy definitions as facts, without comments.
    Vendor {
        /// The folder to copy from, such as /usr/share/vpp/api.
        #[arg(long, value_name = "DIR")]
        from: PathBuf,
        /// The folder to write to.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Only these modules and all that they import.
        #[arg(long, value_delimiter = ',', value_name = "MODULE")]
        modules: Vec<String>,
    },
    /// Print one line a message: name, CRC, kind, reply or details, fields.
    List {
        /// Folders or files with definitions.
        #[arg(required = true, value_name = "DIR")]
        inputs: Vec<PathBuf>,
    },
}

#[derive(Args)]
struct Generate {
    /// A folder or file with definitions; may be given again.
    #[arg(long = "api-dir", required = true, value_name = "DIR")]
    inputs: Vec<PathBuf>,
    /// Only these modules and those whose types they use.
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "MODULE",
        conflicts_with = "all"
    )]
    modules: Vec<String>,
    /// All modules (the default).
    #[arg(long)]
    all: bool,
    /// The folder to write to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Implement serde's traits, in VPP's JSON convention.
    #[arg(long)]
    serde: bool,
    /// Generate the registry of all messages.
    #[arg(long)]
    registry: bool,
    /// Where the code finds the runtime.
    #[arg(long, default_value = "::vpp_wire", value_name = "PATH")]
    wire_path: String,
    /// Take a module's types from elsewhere; may be given again.
    #[arg(long = "extern-module", value_name = "MODULE=PATH", value_parser = module_and_path)]
    extern_modules: Vec<(String, String)>,
}

fn module_and_path(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(module, path)| (module.to_owned(), path.to_owned()))
        .ok_or_else(|| "expected MODULE=PATH, such as ip_types=::vpp_bindings::ip_types".to_owned())
}

fn main() -> ExitCode {
    match run(Program::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("vpp-bindgen: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), Error> {
    match command {
        Command::Generate(generate) => generate.builder()?.generate_to(&generate.out),
        Command::Vendor { from, out, modules } => {
            let written = vpp_codegen::vendor(&from, &out, &modules)?;
            eprintln!("{} modules written to {}", written.len(), out.display());
            Ok(())
        }
        Command::List { inputs } => {
            let lines = vpp_codegen::list(&inputs)?;
            print_lines(lines.iter());
            Ok(())
        }
    }
}

/// A reader that has seen enough, such as `head`, is no error.
fn print_lines(lines: impl Iterator<Item = impl std::fmt::Display>) {
    use std::io::Write;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in lines {
        if writeln!(out, "{line}").is_err() {
            return;
        }
    }
}

impl Generate {
    fn builder(&self) -> Result<Builder, Error> {
        let [first, rest @ ..] = self.inputs.as_slice() else {
            return Err(Error::NoInput {
                path: PathBuf::new(),
            });
        };
        let mut builder = Builder::new(first)
            .serde(self.serde)
            .registry(self.registry)
            .wire_path(&self.wire_path)?;
        if !self.modules.is_empty() {
            builder = builder.modules(&self.modules);
        }
        for input in rest {
            builder = builder.input(input);
        }
        for (module, path) in &self.extern_modules {
            builder = builder.extern_module(module, path)?;
        }
        Ok(builder)
    }
}
