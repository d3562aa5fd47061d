use std::fmt;

use super::compatibility::CompatibilityReport;

/// The set of messages that matches the connected VPP best; see
/// [`MessageTable::best_match`](super::MessageTable::best_match).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BestMatch<L> {
    /// The label of the set.
    pub label: L,
    /// Which of its messages VPP has.
    pub report: CompatibilityReport,
}

/// Prints the label with the number of messages that VPP has, then one line per conflict. Absent
/// messages are only counted, because an unloaded plugin can have hundreds.
impl<L: fmt::Display> fmt::Display for BestMatch<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { label, report } = self;
        let (all, present) = (report.messages().len(), report.present().count());
        write!(f, "{label}: VPP has {present} of {all} messages")?;
        match report.conflicts().count() {
            0 => return Ok(()),
            conflicts => write!(f, ", and {conflicts} with another CRC")?,
        }
        let mut lines = report.conflicts();
        lines.try_for_each(|line| write!(f, "\n{line}"))
    }
}
