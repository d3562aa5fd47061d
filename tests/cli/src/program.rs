//! The main function of the programs.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use clap::Parser;
use cnivpp::api::infra;
use cnivpp::engine::Link;
use tracing_subscriber::filter::LevelFilter;
use vpp_bindings::client::Client;
use vpp_bindings::client::table::{MessageCompatibility, Presence};

use crate::Run;
use crate::failure::{Failure, Status};
use crate::jobs::Job;
use crate::options::Target;
use crate::report::{Moment, Report};
use crate::run::run_name;
use crate::shutdown::Shutdown;

/// Reads the options, does the job, and returns the exit status.
#[must_use]
pub fn main<J: Job + Parser>() -> ExitCode {
    let job = J::parse();
    if job.common().verbose {
        log_requests();
    }
    let name = run_name(J::NAME);
    let report = Report::new(J::NAME, &name, job.common().json);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let status = match runtime {
        Ok(runtime) => runtime.block_on(execute(&job, name, report)),
        Err(error) => report.finish(Err(other("no runtime", &error))),
    };
    status.into()
}

/// Logs requests and replies to stderr, in colour only on a terminal.
fn log_requests() {
    let is_forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let log = tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal() && !is_forbidden);
    log.with_max_level(LevelFilter::TRACE).init();
}

/// Connects, does the job, waits, and removes everything.
async fn execute<J: Job>(job: &J, name: String, mut report: Report) -> Status {
    let (shutdown, link, _target) = match prepare(job, &name, &mut report).await {
        Ok(prepared) => prepared,
        Err(failure) => return report.finish(Err(failure)),
    };
    let mut run = Run::new(link, name, shutdown, report);
    let result = act(job, &mut run).await;
    if let Err(failure) = &result {
        let why = failure.text.lines().next().unwrap_or_default();
        run.print_line(&format!("! {why}; removing everything"));
    }
    run.end().await.finish(result)
}

async fn prepare<J: Job>(
    job: &J,
    name: &str,
    report: &mut Report,
) -> Result<(Shutdown, Link, Target), Failure> {
    job.validate()?;
    let shutdown = Shutdown::listen().map_err(|error| other("no signals", &error))?;
    let target = Target::new(job.common())?;
    let socket = target.socket().to_owned();
    let connecting = async {
        let link = Link::connect(socket, name.to_owned(), job.common().timeout).await?;
        check(job, &link.client()).await?;
        let vpp = infra::vpp(&link.client()).await?;
        Ok::<_, Failure>((link, vpp))
    };
    let (link, vpp) = tokio::select! {
        connected = connecting => connected?,
        failure = shutdown.requested() => return Err(failure),
    };
    let socket = target.socket().display().to_string();
    report.connected(&socket, target.is_simulator(), vpp);
    Ok((shutdown, link, target))
}

/// Refuses a VPP that lacks messages of the job, before anything is changed.
async fn check<J: Job>(job: &J, client: &Client) -> Result<(), Failure> {
    let mut lines = Vec::new();
    let mut status = Status::MessageMissing;
    for (plugin, needs) in job.needs() {
        for missing in client.message_table().check_any(needs).missing() {
            let MessageCompatibility { name, crc, .. } = missing;
            lines.push(match missing.presence {
                Presence::OtherCrc { vpp } => {
                    status = Status::OtherCrc;
                    format!(
                        "{name} has another layout in this VPP: CRC {vpp:08x}, and {crc:08x} here"
                    )
                }
                _ => format!("this VPP does not have {name}; {plugin} has it"),
            });
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    let version = match infra::vpp(client).await {
        Ok(vpp) => vpp.version,
        Err(_) => "of unknown version".to_owned(),
    };
    let hint = match status {
        Status::OtherCrc => "generate the bindings from this VPP's API files (see the README)",
        _ => "is the plugin installed, and enabled in startup.conf?",
    };
    lines.push(format!("hint: VPP is {version}; {hint}"));
    Err(Failure::new(status, lines.join("\n")))
}

async fn act<J: Job>(job: &J, run: &mut Run) -> Result<(), Failure> {
    run.show(Moment::Before).await?;
    job.run(run).await?;
    run.show(Moment::During).await?;
    run.hold(job.common().hold).await
}

fn other(what: &str, error: &io::Error) -> Failure {
    Failure::new(Status::Other, format!("{what}: {error}"))
}
