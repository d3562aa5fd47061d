use clap::Args;
use vpp_stats::{Selection, Value};

use super::source::Source;
use super::{Outcome, Result};
use crate::format::{Filter, Format, write_items};
use crate::labels::Labels;
use crate::stdout;

/// Print the values of entries with these names.
///
/// The exit status is 1 if one of them does not exist.
#[derive(Args)]
pub(crate) struct Get {
    /// The names of the entries.
    #[arg(required = true)]
    names: Vec<String>,
    #[command(flatten)]
    filter: Filter,
    /// The format of the output.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Get {
    pub(super) fn run(&self, source: &Source) -> Result<Outcome> {
        let names = self.names.iter().map(String::as_str);
        let names = names.chain(Labels::NAMES);
        let query = source.open()?.query(Selection::names(names))?;
        let labels = Labels::of(query.items());
        let is_wanted = |name: &str| self.names.iter().any(|it| it == name);
        let items = query.items().iter().filter(|it| is_wanted(&it.name));
        let (missing, present): (Vec<_>, Vec<_>) = items.partition(|it| it.value == Value::Missing);
        stdout::print(|out| write_items(out, present, &labels, self.format, &self.filter))?;
        for item in &missing {
            eprintln!(
                "vpp-stats: VPP has no entry {}; vpp-stats ls lists all",
                item.name
            );
        }
        Ok(match missing.is_empty() {
            true => Outcome::Complete,
            false => Outcome::Missing,
        })
    }
}
