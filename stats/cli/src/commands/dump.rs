use clap::Args;
use vpp_stats::Value;

use super::source::Source;
use super::{Outcome, Result};
use crate::format::{Filter, Format, write_items};
use crate::labels::Labels;
use crate::stdout;

/// Print all values.
#[derive(Args)]
pub(crate) struct Dump {
    /// Print only entries that match one of these regular expressions.
    patterns: Vec<String>,
    #[command(flatten)]
    filter: Filter,
    /// The format of the output.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Dump {
    pub(super) fn run(&self, source: &Source) -> Result<Outcome> {
        let selection = Labels::with(&self.patterns)?;
        let query = source.open()?.query(selection.all)?;
        let labels = Labels::of(query.items());
        let items = query.items().iter();
        let items = items.filter(|it| selection.wanted.matches(&it.name));
        stdout::print(|out| write_items(out, items.clone(), &labels, self.format, &self.filter))?;
        for item in items {
            if let Value::Invalid(fault) = &item.value {
                eprintln!("vpp-stats: warning: {} is damaged: {fault}", item.name);
            }
        }
        if !query.is_consistent() {
            eprintln!(
                "vpp-stats: warning: VPP changed its directory all the time, so entries were read \
                 one by one"
            );
        }
        Ok(Outcome::Complete)
    }
}
