//! cni-bench: calls of the CNI plugin beside a program that only makes the same requests.

mod calls;
mod canned;
mod figures;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use crate::client::serve;
use calls::Bench;
use vpp_cli_tests::failure::Failure;

/// Measures ADD and DEL of the plugin `userspace` as whole processes: wall time, CPU time, peak
/// memory. Beside it runs a program that sends the same requests, waits for each reply, and does
/// nothing else: no records, no configuration, no locks.
#[derive(Debug, Clone, Parser)]
#[command(name = "cni-bench", version)]
struct Options {
    /// VPP's API socket [default: a simulator in a process of its own]
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,

    /// The plugin [default: `userspace` in the folder of this program]
    #[arg(long, value_name = "PATH")]
    program: Option<PathBuf>,

    /// The attachments that are present during the measurement; may be given several times
    #[arg(long, value_name = "COUNT", default_values_t = [0, 100, 1000])]
    present: Vec<u32>,

    /// The number of calls per figure
    #[arg(long, value_name = "COUNT", default_value_t = 50,
          value_parser = clap::value_parser!(u32).range(1..))]
    calls: u32,

    /// The number of concurrent ADDs in the last figure
    #[arg(long, value_name = "COUNT", default_value_t = 32,
          value_parser = clap::value_parser!(u32).range(1..))]
    parallel: u32,
}

/// Reads the options and prints the figures.
#[must_use]
pub fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let done = match arguments.next().as_deref() {
        Some(canned::FLAG) => return canned::main(arguments),
        // The server starts this program again as the simulator.
        Some("--serve") => serve(Path::new(&arguments.next().unwrap_or_default()), 0),
        _ => run(&Options::parse()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("cni-bench: {failure}");
            failure.status.into()
        }
    }
}

fn run(options: &Options) -> Result<(), Failure> {
    let mut bench = Bench::start(options)?;
    let mut figures = Vec::new();
    for present in &options.present {
        bench.fill(*present)?;
        figures.extend(bench.measure(options.calls)?);
    }
    bench.fill(0)?;
    figures.push(bench.parallel(options.parallel)?);
    figures::print(&figures)
}
