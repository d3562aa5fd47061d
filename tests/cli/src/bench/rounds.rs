use std::path::Path;

use cnivpp::api::{self, infra};
use cnivpp::engine::chain;
use tokio::runtime::Runtime;
use vpp_bindings::client;

use super::client::Through;
use super::figure::{Figure, Report, Sample};
use super::interfaces::Loopbacks;
use super::raw::Raw;
use super::{Options, Work, allocations};
use crate::failure::Failure;
use crate::status::Status;
use crate::stop::Stop;

/// Measures everything, round by round.
pub(super) fn run(
    runtime: &Runtime,
    options: &Options,
    socket: &Path,
    simulator: bool,
) -> Result<Report, Failure> {
    let stop = runtime.block_on(async { Stop::listen() });
    let stop = stop.map_err(super::failed("no signals"))?;
    let through = runtime.block_on(Through::connect(socket)).map_err(lost)?;
    let vpp = runtime.block_on(infra::vpp(&through.client))?;
    let mut report = Report::new(vpp.version, simulator, options);
    let mut loopbacks = Loopbacks::default();
    let count = usize::try_from(options.create).unwrap_or(usize::MAX);
    let created = runtime.block_on(loopbacks.create(&through.client, count));
    let measured = match created {
        Ok(()) => measure(runtime, options, socket, &through, &stop),
        Err(error) => Err(lost(error)),
    };
    // Also when something went wrong, or the program was told to end.
    let removed = runtime.block_on(loopbacks.remove(&through.client));
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
    through: &Through,
    stop: &Stop,
) -> Result<Vec<Figure>, Failure> {
    let mut raw = Raw::connect(socket)?;
    let mut samples = Work::ALL.map(|work| (work, Vec::new(), Vec::new()));
    for round in 0..options.rounds {
        for (work, clients, raws) in &mut samples {
            // Gives the runtime a turn, so that it hears of signals.
            runtime.block_on(tokio::task::yield_now());
            stop.check()?;
            // Neither is always the first.
            if round % 2 == 0 {
                raws.push(raw.measure(*work, options.seconds)?);
                clients.push(counted(runtime, options, through, *work)?);
            } else {
                clients.push(counted(runtime, options, through, *work)?);
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
    through: &Through,
    work: Work,
) -> Result<Sample, Failure> {
    let before = allocations::count();
    let sample = through.measure(runtime, work, options.seconds);
    let mut sample = sample.map_err(lost)?;
    sample.allocations = allocations::count() - before;
    Ok(sample)
}

fn lost(source: client::Error) -> Failure {
    let operation = "measure";
    api::Error::Request { operation, source }.into()
}
