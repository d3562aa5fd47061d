use std::path::Path;

use cnivpp::api::{self, infra};
use cnivpp::engine::chain;
use tokio::runtime::Runtime;
use vpp_bindings::client;

use super::clients::Clients;
use super::figure::{Figure, Report, Sample};
use super::loopbacks::Loopbacks;
use super::raw::Raw;
use super::{Options, Work, allocations};
use vpp_cli_tests::failure::{Failure, Status};
use vpp_cli_tests::shutdown::Shutdown;

/// Measures everything, round by round.
pub(super) fn run(
    runtime: &Runtime,
    options: &Options,
    socket: &Path,
    simulator: bool,
) -> Result<Report, Failure> {
    let shutdown = runtime.block_on(async { Shutdown::listen() });
    let shutdown = shutdown.map_err(super::failed("no signals"))?;
    let connected = runtime.block_on(Clients::connect(socket)).map_err(lost)?;
    let vpp = runtime.block_on(infra::vpp(&connected.client))?;
    let mut report = Report::new(vpp.version, simulator, options);
    let mut loopbacks = Loopbacks::default();
    let count = usize::try_from(options.create).unwrap_or(usize::MAX);
    let created = runtime.block_on(loopbacks.create(&connected.client, count));
    let measured = match created {
        Ok(()) => measure(runtime, options, socket, &connected, &shutdown),
        Err(error) => Err(lost(error)),
    };
    // Also after an error or a signal.
    let removed = runtime.block_on(loopbacks.remove(&connected.client));
    report.figures = measured?;
    removed.map_err(|error| {
        let text = format!("loopbacks are left behind: {}", chain(&error));
        Failure::new(Status::LeftBehind, text)
    })?;
    Ok(report)
}

fn measure(
    runtime: &Runtime,
    options: &Options,
    socket: &Path,
    connected: &Clients,
    shutdown: &Shutdown,
) -> Result<Vec<Figure>, Failure> {
    let mut raw = Raw::connect(socket)?;
    let mut samples = Work::ALL.map(|work| (work, Vec::new(), Vec::new()));
    for round in 0..options.rounds {
        for (work, clients, raws) in &mut samples {
            // Lets the runtime process signals.
            runtime.block_on(tokio::task::yield_now());
            shutdown.check()?;
            // The order alternates.
            if round % 2 == 0 {
                raws.push(raw.measure(*work, options.seconds)?);
                clients.push(counted(runtime, options, connected, *work)?);
            } else {
                clients.push(counted(runtime, options, connected, *work)?);
                raws.push(raw.measure(*work, options.seconds)?);
            }
        }
    }
    let figures = samples.iter();
    let figures = figures.filter_map(|(work, clients, raws)| Figure::new(*work, clients, raws));
    Ok(figures.collect())
}

fn counted(
    runtime: &Runtime,
    options: &Options,
    connected: &Clients,
    work: Work,
) -> Result<Sample, Failure> {
    let before = allocations::count();
    let sample = connected.measure(runtime, work, options.seconds);
    let mut sample = sample.map_err(lost)?;
    sample.allocations = allocations::count() - before;
    Ok(sample)
}

fn lost(source: client::Error) -> Failure {
    let operation = "measure";
    api::Error::Request { operation, source }.into()
}
