//! The formats in which values are printed.

mod text;
mod vpp;

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use vpp_stats::Item;

use crate::labels::Labels;

/// A format of the output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: the sum of all threads, with the names of interfaces and nodes.
    #[default]
    Text,
    /// One JSON object per line and entry.
    Json,
    /// The lines that VPP's own client vpp_get_stats prints.
    Vpp,
}

/// Which values are printed.
#[derive(Debug, Args)]
pub(crate) struct Filter {
    /// Leave out values that are zero (not in JSON).
    #[arg(long)]
    pub(crate) no_zeros: bool,
    /// Print the values of each thread (text), which is the default of the other formats.
    #[arg(long, conflicts_with = "sum")]
    pub(crate) per_thread: bool,
    /// Print the sum of all threads (vpp), which is the default of text. JSON always has all threads.
    #[arg(long)]
    pub(crate) sum: bool,
    /// Print only the values at this index, such as a sw_if_index (not in JSON).
    #[arg(long, value_name = "INDEX")]
    pub(crate) index: Option<usize>,
}

impl Filter {
    fn has_index(&self, index: usize) -> bool {
        self.index.is_none_or(|only| only == index)
    }
}

/// Writes values.
pub(crate) fn write_items<'a>(
    out: &mut dyn Write,
    items: impl IntoIterator<Item = &'a Item>,
    labels: &Labels<'_>,
    format: Format,
    filter: &Filter,
) -> io::Result<()> {
    for item in items {
        match format {
            Format::Text => text::write(out, item, labels, filter)?,
            Format::Vpp => vpp::write(out, item, filter)?,
            Format::Json => {
                serde_json::to_writer(&mut *out, item)?;
                writeln!(out)?;
            }
        }
    }
    Ok(())
}
