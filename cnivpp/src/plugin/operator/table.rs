use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;

use crate::cni::{Error, Result};

/// Prints rows as a table with headings, or as one JSON document.
pub(super) fn print<R: Serialize>(
    json: bool,
    rows: &[R],
    headings: &[&str],
    cells: impl Fn(&R) -> Vec<String>,
) -> Result<()> {
    let mut text = Vec::new();
    let written = if json {
        let written = serde_json::to_writer_pretty(&mut text, rows);
        text.push(b'\n');
        written.map_err(io::Error::from)
    } else {
        write_table(&mut text, rows.iter().map(cells), headings)
    };
    written
        .and_then(|()| io::stdout().lock().write_all(&text))
        .map_err(|error| Error::io(format!("cannot write to stdout: {}", error.kind())))
}

fn write_table(
    out: &mut dyn Write,
    rows: impl Iterator<Item = Vec<String>>,
    headings: &[&str],
) -> io::Result<()> {
    let mut lines = vec![
        headings
            .iter()
            .map(|it| (*it).to_owned())
            .collect::<Vec<_>>(),
    ];
    lines.extend(rows);
    let mut widths = vec![0; headings.len()];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.chars().count().max(*width);
        }
    }
    for line in &lines {
        let mut text = String::new();
        for (width, cell) in widths.iter().zip(line) {
            let cell: String = cell.chars().map(printable).collect();
            text.push_str(&format!("{cell:<width$}  "));
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}

/// Replaces control characters, because texts from records and VPP must not break a line.
fn printable(c: char) -> char {
    if c.is_control() { '\u{fffd}' } else { c }
}

/// Returns the exit status.
pub(super) fn status(is_good: bool) -> ExitCode {
    if is_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
