use clap::Args;
use vpp_stats::Selection;

use super::source::Source;
use super::{Outcome, Result};
use crate::format::Format;
use crate::stdout;

/// List the entries of the segment.
#[derive(Args)]
pub(crate) struct Ls {
    /// List only entries that match one of these regular expressions.
    patterns: Vec<String>,
    /// The format of the output.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Ls {
    pub(super) fn run(&self, source: &Source) -> Result<Outcome> {
        let selection = Selection::patterns(&self.patterns)?;
        let entries = source.open()?.list(&selection)?;
        let width = entries.iter().map(|it| it.entry_type.to_string().len());
        let width = width.max().unwrap_or(0);
        stdout::print(|out| {
            for entry in &entries {
                match self.format {
                    Format::Text => {
                        let entry_type = entry.entry_type.to_string();
                        writeln!(out, "{entry_type:width$}  {}", entry.name)?;
                    }
                    Format::Json => {
                        serde_json::to_writer(&mut *out, entry)?;
                        writeln!(out)?;
                    }
                    Format::Vpp => writeln!(out, "{}", entry.name)?,
                }
            }
            Ok(())
        })?;
        Ok(Outcome::Complete)
    }
}
