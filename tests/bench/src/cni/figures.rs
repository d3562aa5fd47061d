use std::io::{self, Write};
use std::time::Duration;

use vpp_cli_tests::failure::{Failure, Status};

/// The measurements of calls of one kind.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    pub(super) what: String,
    /// The plugin's wall times.
    pub(super) wall: Vec<Duration>,
    /// The plugin's CPU time per call.
    pub(super) cpu: Duration,
    /// The largest resident set of a plugin's process so far, in KiB.
    pub(super) peak: u64,
    /// The wall times of the program that only makes the requests; empty if it was not measured.
    pub(super) canned: Vec<Duration>,
}

fn median(times: &[Duration]) -> Option<Duration> {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}

fn milliseconds(time: Option<Duration>) -> String {
    time.map_or("-".to_owned(), |it| {
        format!("{:.2}", it.as_secs_f64() * 1e3)
    })
}

/// Prints a table.
pub(super) fn print(figures: &[Figure]) -> Result<(), Failure> {
    let mut text = format!(
        "{:<30}{:>9}{:>9}{:>9}{:>10}{:>12}{:>8}\n",
        "work", "median", "best", "CPU", "peak MiB", "canned", "ratio"
    );
    for it in figures {
        let (wall, canned) = (median(&it.wall), median(&it.canned));
        let ratio = wall.zip(canned).map_or("-".to_owned(), |(wall, canned)| {
            format!("{:.2}", wall.as_secs_f64() / canned.as_secs_f64().max(1e-9))
        });
        let peak = it.peak / 1024;
        let tenths = it.peak % 1024 * 10 / 1024;
        text.push_str(&format!(
            "{:<30}{:>9}{:>9}{:>9}{:>10}{:>12}{ratio:>8}\n",
            it.what,
            milliseconds(wall),
            milliseconds(it.wall.iter().min().copied()),
            milliseconds(Some(it.cpu)),
            format!("{peak}.{tenths}"),
            milliseconds(canned),
        ));
    }
    text.push_str("times in ms; canned: a program that makes the same requests and nothing else\n");
    let written = io::stdout().lock().write_all(text.as_bytes());
    written.map_err(|error| Failure::new(Status::Other, error.to_string()))
}
