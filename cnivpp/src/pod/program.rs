//! The program: waits for files and VPP, configures, watches.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, sleep};

use super::NAME;
use super::configure::configure;
use super::locations::Locations;
use super::options::Options;
use super::report::{InterfaceReport, Report};
use crate::engine::{Link, chain};
use crate::handover::ReadOutcome;

/// The pause between two reads of the folders. Reading two folders with four files takes 50 µs,
/// which is 0.02 % of a CPU. inotify would need a watch per folder, and one on the parent of each
/// folder that does not exist yet.
const PAUSE: Duration = Duration::from_millis(250);

/// The timeout of one request to VPP.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The time before an unreadable file is reported: a writer other than this plugin may not have
/// finished it.
const GRACE: Duration = Duration::from_secs(1);

/// The time to wait for the other end to connect.
const CONNECT_WAIT: Duration = Duration::from_secs(3);

/// With `--watch`: the pause before a failed configuration, or one that VPP may forget, is repeated.
const RETRY: Duration = Duration::from_secs(3);

/// The exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Status {
    Done = 0,
    Failed = 1,
    NothingFound = 3,
    NoVpp = 4,
}

/// Runs `usrsp-app`.
#[must_use]
pub fn main() -> ExitCode {
    let options = Options::parse();
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let status = match builder.enable_all().build() {
        Ok(runtime) => runtime.block_on(run(&options)),
        Err(error) => {
            eprintln!("usrsp-app: cannot start the runtime: {error}");
            Status::Failed
        }
    };
    ExitCode::from(status as u8)
}

async fn run(options: &Options) -> Status {
    if !options.watch {
        return once(options).await;
    }
    // Without a handler, a signal does not end the first process of a container.
    let (Ok(mut terminate), Ok(mut interrupt)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        eprintln!("usrsp-app: cannot wait for signals");
        return Status::Failed;
    };
    tokio::select! {
        _ = terminate.recv() => Status::Done,
        _ = interrupt.recv() => Status::Done,
        never = watch(options) => match never {},
    }
}

/// Configures everything once.
async fn once(options: &Options) -> Status {
    let deadline = Instant::now() + options.wait;
    let locations = Locations::new(options);
    let found = wait_for_files(&locations, deadline).await;
    if found.attachments.is_empty() {
        let problems = found.problems;
        let status = if problems.is_empty() {
            let dirs: Vec<_> = options
                .dirs()
                .iter()
                .map(|it| it.display().to_string())
                .collect();
            let (dirs, wait) = (dirs.join(", "), options.wait.as_secs_f32());
            eprintln!("usrsp-app: no configuration was found in {dirs} within {wait} s");
            Status::NothingFound
        } else {
            Status::Failed
        };
        let interfaces = Vec::new();
        let report = Report {
            interfaces,
            problems,
        };
        report.print(options.json, options.verbose);
        return status;
    }
    let link = match connect(options, deadline).await {
        Ok(link) => link,
        Err(why) => {
            eprintln!("usrsp-app: {why}");
            let failed = found.attachments.iter();
            let report = Report {
                interfaces: failed
                    .map(|it| InterfaceReport::failed(&it.attachment, &why))
                    .collect(),
                problems: found.problems,
            };
            report.print(options.json, false);
            return Status::NoVpp;
        }
    };
    let connected_by = deadline.min(Instant::now() + CONNECT_WAIT);
    let (link, report) = configure_all(link, found, connected_by).await;
    link.client().disconnect().await;
    report.print(options.json, options.verbose);
    if report.is_success() {
        Status::Done
    } else {
        Status::Failed
    }
}

/// Waits until files are found. The plugin writes all files before the container starts, so the
/// first read that finds any finds all.
async fn wait_for_files(locations: &Locations, deadline: Instant) -> ReadOutcome {
    let mut grace = None;
    loop {
        let found = locations.read();
        let now = Instant::now();
        if !found.problems.is_empty() {
            let until = *grace.get_or_insert(now + GRACE);
            if now >= until.min(deadline) {
                return found;
            }
        } else if !found.attachments.is_empty() || now >= deadline {
            return found;
        }
        sleep(
            PAUSE
                .min(deadline.saturating_duration_since(now))
                .max(Duration::from_millis(1)),
        )
        .await;
    }
}

/// Connects to the container's VPP, which may start later than this program.
async fn connect(options: &Options, deadline: Instant) -> Result<Link, String> {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = TIMEOUT.min(left).max(Duration::from_secs(1));
        let error = match Link::connect(options.socket(), NAME.to_owned(), timeout).await {
            Ok(link) => return Ok(link),
            Err(error) => chain(&error),
        };
        if Instant::now() >= deadline {
            return Err(error);
        }
        sleep(PAUSE).await;
    }
}

async fn configure_all(
    mut link: Link,
    found: ReadOutcome,
    connected_by: Instant,
) -> (Link, Report) {
    let mut report = Report {
        interfaces: Vec::new(),
        problems: found.problems,
    };
    for found in &found.attachments {
        let outcome;
        (link, outcome) = configure(link, &found.attachment, connected_by).await;
        report.interfaces.push(outcome);
    }
    (link, report)
}

/// Configures interfaces when they are added, and all of them after a restart of VPP. Never
/// returns. Interfaces whose files were removed stay: a file that is unreadable for a moment must
/// not interrupt traffic.
async fn watch(options: &Options) -> std::convert::Infallible {
    let locations = Locations::new(options);
    let mut link: Option<Link> = None;
    // The last configuration, and when to repeat it if nothing changes.
    let mut last: Option<(ReadOutcome, Option<Instant>)> = None;
    let mut printed = None;
    loop {
        let found = locations.read();
        let is_up = link.as_ref().is_some_and(Link::is_up);
        let is_due = match &last {
            Some((done, retry)) => {
                let is_time = retry.is_some_and(|it| Instant::now() >= it);
                *done != found || !is_up || is_time
            }
            None => true,
        };
        if is_due && !(found.attachments.is_empty() && found.problems.is_empty()) {
            let connected = match link.take().filter(|_| is_up) {
                Some(link) => Ok(link),
                None => connect(options, Instant::now()).await,
            };
            let report = match connected {
                Ok(connected) => {
                    let now = Instant::now();
                    let (connected, report) = configure_all(connected, found.clone(), now).await;
                    link = Some(connected);
                    report
                }
                Err(why) => Report {
                    interfaces: found
                        .attachments
                        .iter()
                        .map(|it| InterfaceReport::failed(&it.attachment, &why))
                        .collect(),
                    problems: found.problems.clone(),
                },
            };
            if report.has_changes() || printed.as_ref() != Some(&report) {
                report.print(options.json, options.verbose);
            }
            // VPP forgets the rx mode when the other end reconnects.
            let has_rx_mode = found
                .attachments
                .iter()
                .any(|it| it.attachment.rx_mode.is_some());
            let is_done = report.is_success() && !has_rx_mode;
            let retry = (!is_done).then(|| Instant::now() + RETRY);
            last = Some((found, retry));
            printed = Some(report);
        }
        sleep(PAUSE).await;
    }
}
