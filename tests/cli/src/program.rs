//! A program from its first line to its exit status.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use clap::Parser;
use cnivpp::api::infra;
use cnivpp::engine::Link;
use tracing_subscriber::filter::LevelFilter;
use vpp_bindings::client::Client;
use vpp_bindings::client::table::{MessageCompatibility, Presence};

use crate::Session;
use crate::failure::Failure;
use crate::jobs::Job;
use crate::report::{Moment, Report};
use crate::session::run_name;
use crate::status::Status;
use crate::stop::Stop;
use crate::target::Target;

/// Reads the options and does the job.
#[must_use]
pub fn main<J: Job + Parser>() -> ExitCode {
    let job = J::parse();
    if job.common().verbose {
        log_requests();
    }
    let run = run_name(J::NAME);
    let report = Report::new(J::NAME, &run, job.common().json);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let status = match runtime {
        Ok(runtime) => runtime.block_on(execute(&job, run, report)),
        Err(error) => report.finish(Err(other("no runtime", &error))),
    };
    status.into()
}

/// Prints on stderr what VPP is sent and what it answers, in colour on a terminal only.
fn log_requests() {
    let is_forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let log = tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal() && !is_forbidden);
    log.with_max_level(LevelFilter::TRACE).init();
}

/// Connects, does the job, holds, takes back.
async fn execute<J: Job>(job: &J, run: String, mut report: Report) -> Status {
    let (stop, link, _target) = match prepare(job, &run, &mut report).await {
        Ok(prepared) => prepared,
        Err(failure) => return report.finish(Err(failure)),
    };
    let mut session = Session::new(link, run, stop, report);
    let result = act(job, &mut session).await;
    if let Err(failure) = &result {
        let why = failure.text.lines().next().unwrap_or_default();
        session.say(&format!("! {why}; taking everything back"));
    }
    session.end().await.finish(result)
}

async fn prepare<J: Job>(
    job: &J,
    run: &str,
    report: &mut Report,
) -> Result<(Stop, Link, Target), Failure> {
    job.validate()?;
    let stop = Stop::listen().map_err(|error| other("no signals", &error))?;
    let target = Target::new(job.common())?;
    let socket = target.socket().to_owned();
    let connecting = async {
        let link = Link::connect(socket, run.to_owned(), job.common().timeout).await?;
        check(job, &link.client()).await?;
        let vpp = infra::vpp(&link.client()).await?;
        Ok::<_, Failure>((link, vpp))
    };
    let (link, vpp) = tokio::select! {
        connected = connecting => connected?,
        told = stop.told() => return Err(told),
    };
    let socket = target.socket().display().to_string();
    report.connected(&socket, target.is_simulator(), vpp);
    Ok((stop, link, target))
}

/// Refuses a VPP that lacks what the job needs, before anything is changed.
async fn check<J: Job>(job: &J, client: &Client) -> Result<(), Failure> {
    let mut lines = Vec::new();
    let mut status = Status::MessageMissing;
    for (whence, needs) in job.needs() {
        for missing in client.message_table().check_any(needs).missing() {
            let MessageCompatibility { name, crc, .. } = missing;
            lines.push(match missing.presence {
                Presence::OtherCrc { vpp } => {
                    status = Status::OtherCrc;
                    format!(
                        "{name} has another layout in this VPP: CRC {vpp:08x}, and {crc:08x} here"
                    )
                }
                _ => format!("this VPP does not have {name}; it comes with {whence}"),
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
        Status::OtherCrc => "generate the bindings from this VPP's API files: see the README",
        _ => "is the plugin installed, and enabled in startup.conf?",
    };
    lines.push(format!("hint: VPP is {version}; {hint}"));
    Err(Failure::new(status, lines.join("\n")))
}

async fn act<J: Job>(job: &J, session: &mut Session) -> Result<(), Failure> {
    session.show(Moment::Before).await?;
    job.run(session).await?;
    session.show(Moment::During).await?;
    session.hold(job.common().hold).await
}

fn other(what: &str, error: &io::Error) -> Failure {
    Failure::new(Status::Other, format!("{what}: {error}"))
}
