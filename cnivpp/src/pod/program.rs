//! Waits, configures, watches.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, sleep};

use super::NAME;
use super::configure::configure;
use super::options::Options;
use super::report::{Outcome, Report};
use super::source::Source;
use crate::engine::{Link, chain};
use crate::handover::Found;

/// How often the folders are read. To read two folders with four files takes 50 µs, which is
/// 0.02 % of a CPU. inotify would need a watch per folder, and another one above each folder
/// that does not exist yet.
const PAUSE: Duration = Duration::from_millis(250);

/// How long VPP may take for an answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// How long a file that cannot be read gets: a writer other than this plugin may not have
/// finished it.
const GRACE: Duration = Duration::from_secs(1);

/// How long the other end gets to connect before the program ends.
const CONNECTED: Duration = Duration::from_secs(3);

/// How often a configuration that failed, or that VPP forgets, is repeated with `--watch`.
const RETRY: Duration = Duration::from_secs(3);

/// How the program ends.
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
            eprintln!("usrsp-app: cannot start: {error}");
            Status::Failed
        }
    };
    ExitCode::from(status as u8)
}

async fn run(options: &Options) -> Status {
    if !options.watch {
        return once(options).await;
    }
    // As the first process of a container this one is not ended by a signal otherwise.
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
    let source = Source::new(options);
    let found = wait_for_files(&source, deadline).await;
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
            let refused = found.attachments.iter();
            let report = Report {
                interfaces: refused
                    .map(|it| Outcome::refused(&it.attachment, &why))
                    .collect(),
                problems: found.problems,
            };
            report.print(options.json, false);
            return Status::NoVpp;
        }
    };
    let connected_by = deadline.min(Instant::now() + CONNECTED);
    let (link, report) = configure_all(link, found, connected_by).await;
    link.client().disconnect().await;
    report.print(options.json, options.verbose);
    if report.is_success() {
        Status::Done
    } else {
        Status::Failed
    }
}

/// The plugin has written all files before the container starts, so that the first that are
/// found are all.
async fn wait_for_files(source: &Source, deadline: Instant) -> Found {
    let mut grace = None;
    loop {
        let found = source.read();
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

/// The container's VPP may start later than this program.
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

async fn configure_all(mut link: Link, found: Found, connected_by: Instant) -> (Link, Report) {
    let mut report = Report {
        interfaces: Vec::new(),
        problems: found.problems,
    };
    for sourced in &found.attachments {
        let outcome;
        (link, outcome) = configure(link, &sourced.attachment, connected_by).await;
        report.interfaces.push(outcome);
    }
    (link, report)
}

/// Configures what is added, and everything after a restart of VPP, for ever. Interfaces whose
/// files were removed stay: a file that cannot be read for a moment must not cut a connection.
async fn watch(options: &Options) -> std::convert::Infallible {
    let source = Source::new(options);
    let mut link: Option<Link> = None;
    // What was configured last, and when to do it again although nothing has changed.
    let mut last: Option<(Found, Option<Instant>)> = None;
    let mut printed = None;
    loop {
        let found = source.read();
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
                        .map(|it| Outcome::refused(&it.attachment, &why))
                        .collect(),
                    problems: found.problems.clone(),
                },
            };
            if report.has_changes() || printed.as_ref() != Some(&report) {
                report.print(options.json, options.verbose);
            }
            // VPP forgets the rx mode when the other end connects again.
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
