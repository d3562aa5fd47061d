use std::collections::HashMap;
use std::io::{self, IsTerminal, Write};
use std::thread;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use vpp_stats::{Query, Stats};

use super::source::{self, Source};
use super::{Outcome, Result};
use crate::labels::Labels;
use crate::series::{self, Number};
use crate::stdout;

/// Show how fast counters change, as a table that is printed again in an interval.
///
/// On a terminal the table fits its size. The rate of a gauge is the speed of its change.
#[derive(Args)]
pub(crate) struct Watch {
    /// Show only entries that match one of these regular expressions. Without a pattern: the
    /// counters of interfaces, nodes and errors.
    #[arg(default_values = ["^/if/", "^/sys/node/(calls|vectors)$", "^/err/"])]
    patterns: Vec<String>,
    /// The time between two readings in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = source::seconds)]
    interval: Duration,
    /// End after so many tables.
    #[arg(long, value_name = "N")]
    count: Option<u64>,
    /// The order of the rows.
    #[arg(long, value_enum, default_value_t)]
    sort: Sort,
    /// Show rows that do not change, too.
    #[arg(long)]
    all: bool,
    /// The most rows. The default is the height of the terminal, or no limit elsewhere.
    #[arg(long, value_name = "N")]
    rows: Option<usize>,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Sort {
    /// The fastest change first.
    #[default]
    Rate,
    /// The highest value first.
    Value,
    /// By name and index.
    Name,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    name: String,
    value: f64,
    per_second: f64,
}

/// The values of one reading, by what a row shows.
struct Reading {
    run: u64,
    at: Instant,
    values: HashMap<String, u64>,
}

impl Watch {
    pub(super) fn run(&self, source: &Source) -> Result<Outcome> {
        let selection = Labels::with(&self.patterns)?;
        let mut stats = source.open()?;
        let mut query = Query::new(selection.all);
        let mut read = |stats: &mut Stats| -> vpp_stats::Result<Reading> {
            stats.read(&mut query)?;
            let labels = Labels::of(query.items());
            let wanted = query.items().iter();
            let wanted = wanted.filter(|it| selection.wanted.matches(&it.name));
            Ok(Reading {
                run: stats.run(),
                at: Instant::now(),
                values: values(wanted, &labels),
            })
        };
        let mut before = read(&mut stats)?;
        let mut shown = 0;
        while self.count.is_none_or(|count| shown < count) {
            thread::sleep(self.interval);
            let now = match read(&mut stats) {
                Ok(now) => now,
                Err(error) => {
                    // VPP restarts, so the table continues as soon as it runs.
                    eprintln!("vpp-stats: {error}");
                    shown += 1;
                    continue;
                }
            };
            if now.run == before.run {
                let rows = self.rows(&before, &now);
                stdout::print(|out| self.print(out, &rows))?;
            } else {
                eprintln!("vpp-stats: VPP was restarted, its counters start from 0");
            }
            before = now;
            shown += 1;
        }
        Ok(Outcome::Complete)
    }

    #[expect(clippy::cast_precision_loss, reason = "only for display")]
    fn rows(&self, before: &Reading, now: &Reading) -> Vec<Row> {
        let seconds = now.at.duration_since(before.at).as_secs_f64();
        let mut rows: Vec<_> = now
            .values
            .iter()
            .filter_map(|(name, value)| {
                let old = *before.values.get(name)?;
                // A value that falls wraps around to a negative difference.
                let change = value.wrapping_sub(old).cast_signed() as f64;
                (self.all || change != 0.0).then(|| Row {
                    name: name.clone(),
                    value: *value as f64,
                    per_second: change / seconds,
                })
            })
            .collect();
        rows.sort_by(|a, b| {
            let order = match self.sort {
                Sort::Rate => b.per_second.abs().total_cmp(&a.per_second.abs()),
                Sort::Value => b.value.total_cmp(&a.value),
                Sort::Name => std::cmp::Ordering::Equal,
            };
            order.then_with(|| a.name.cmp(&b.name))
        });
        rows
    }

    fn print(&self, out: &mut dyn Write, rows: &[Row]) -> io::Result<()> {
        const CLEAR: &str = "\x1b[H\x1b[2J";
        let size = terminal_size();
        if size.is_some() {
            out.write_all(CLEAR.as_bytes())?;
        }
        // The heading, and a line that says how many rows are hidden.
        let fitting = size.map(|(_, height)| height.saturating_sub(2).max(1));
        let limit = self.rows.or(fitting).unwrap_or(usize::MAX);
        let width = size.map_or(usize::MAX, |(width, _)| width);
        writeln!(out, "{:>14} {:>20}  NAME", "PER SECOND", "VALUE")?;
        for row in rows.iter().take(limit) {
            let line = format!("{:>14.1} {:>20}  {}", row.per_second, row.value, row.name);
            let end = line.char_indices().nth(width).map_or(line.len(), |it| it.0);
            writeln!(out, "{}", &line[..end])?;
        }
        match rows.len().saturating_sub(limit) {
            0 => Ok(()),
            hidden => writeln!(out, "… {hidden} more"),
        }
    }
}

/// The values by name, with the index and what it is called.
fn values<'a>(
    items: impl IntoIterator<Item = &'a vpp_stats::Item>,
    labels: &Labels<'_>,
) -> HashMap<String, u64> {
    let mut values = HashMap::new();
    for item in items {
        series::for_each(item, labels, false, |series| {
            let name = &item.name;
            let base = match (series.label, series.index) {
                (Some(label), _) => format!("{name} {label}"),
                (None, Some(index)) => format!("{name}[{index}]"),
                (None, None) => name.clone(),
            };
            match series.number {
                Number::Count(count) => {
                    values.insert(base, count);
                }
                Number::Combined(pair) => {
                    values.insert(format!("{base} packets"), pair.packets);
                    values.insert(format!("{base} bytes"), pair.bytes);
                }
                Number::Float(_) => {
                    values.insert(base, item.value.as_u64().unwrap_or_default());
                }
            }
        });
    }
    values
}

/// Columns and rows, if standard output is a terminal.
fn terminal_size() -> Option<(usize, usize)> {
    if !io::stdout().is_terminal() {
        return None;
    }
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    let (width, height) = (usize::from(size.ws_col), usize::from(size.ws_row));
    (width > 0 && height > 0).then_some((width, height))
}
