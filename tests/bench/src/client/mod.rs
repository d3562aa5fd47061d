//! client-bench: the client beside a program that only moves the same bytes.
//!
//! Each round measures each work twice: through the client, and over a plain socket with canned
//! frames. The best of all rounds counts, because the machine may be doing other work as well.

mod allocations;
mod clients;
mod figure;
mod latency;
mod loopbacks;
mod options;
mod raw;
mod rounds;
mod server;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

pub use allocations::CountingAllocator;
pub use figure::Figure;
pub use options::{Options, Work};
pub(crate) use server::{Server, serve};

use vpp_cli_tests::failure::{Failure, Status};

/// Reads the options and measures.
#[must_use]
pub fn main() -> ExitCode {
    let options = Options::parse();
    let done = match &options.serve {
        Some(socket) => serve(socket, options.interfaces),
        None => measure(&options),
    };
    match done {
        Ok(()) => Status::Done.into(),
        Err(failure) => {
            let _ = writeln!(io::stderr().lock(), "client-bench: {failure}");
            failure.status.into()
        }
    }
}

fn measure(options: &Options) -> Result<(), Failure> {
    let server = match &options.socket {
        Some(_) => None,
        None => Some(Server::start(options.interfaces)?),
    };
    let socket = match (&options.socket, &server) {
        (Some(socket), _) => socket.clone(),
        (None, Some(server)) => server.socket().to_owned(),
        (None, None) => vpp_bindings::client::connection::socket_path(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed("no runtime"))?;
    let report = rounds::run(&runtime, options, &socket, server.is_some())?;
    let mut out = io::stdout().lock();
    let written = if options.json {
        serde_json::to_writer_pretty(&mut out, &report)
            .map_err(io::Error::from)
            .and_then(|()| writeln!(out))
    } else {
        report.write(&mut out)
    };
    written.map_err(failed("stdout"))
}

/// For `map_err`: the system reported an error during `operation`.
fn failed(operation: &'static str) -> impl Fn(io::Error) -> Failure {
    move |error| Failure::new(Status::Other, format!("{operation}: {error}"))
}
