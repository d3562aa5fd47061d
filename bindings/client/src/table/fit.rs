use std::cmp::Reverse;
use std::fmt;

use crate::{Compatibility, MessageTable};

/// The set of messages that fits the connected VPP best; see
/// [`closest`](MessageTable::closest).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fit<L> {
    /// What the set was called.
    pub label: L,
    /// What VPP has of it.
    pub compatibility: Compatibility,
}

impl MessageTable {
    /// Which of several sets of messages this VPP speaks: the same modules, generated from the
    /// definitions of several releases.
    ///
    /// ```no_run
    /// # mod v23_02 { pub const MESSAGES: &[(&str, u32)] = &[]; }
    /// # mod v26_06 { pub const MESSAGES: &[(&str, u32)] = &[]; }
    /// # fn example(client: &vpp_client::Client) {
    /// let candidates = [("v23.02", v23_02::MESSAGES), ("v26.06", v26_06::MESSAGES)];
    /// match client.closest(candidates) {
    ///     Some(fit) if fit.compatibility.conflicts().next().is_none() => {
    ///         println!("VPP speaks {}", fit.label);
    ///     }
    ///     Some(fit) => println!("closest is {fit}"),
    ///     None => println!("VPP has none of these modules"),
    /// }
    /// # }
    /// ```
    ///
    /// The closest is the set with the fewest conflicts, which are messages that VPP has with
    /// another CRC; among those, the one of which VPP has most messages; then the one of which
    /// it lacks fewest; then the one that is given first. A lacking message is no conflict: its
    /// plugin may not be loaded. Releases have most messages in common, and where VPP has
    /// nothing in which they differ, each of them fits: give the preferred one first.
    ///
    /// The closest need not fit: what conflicts is in the answer. There is none where VPP has no
    /// message of any set, which is so before the first connection, too. After a reconnection
    /// it may be another, since VPP may.
    #[must_use]
    pub fn closest<'a, L>(
        &self,
        candidates: impl IntoIterator<Item = (L, &'a [(&'a str, u32)])>,
    ) -> Option<Fit<L>> {
        let fits = candidates.into_iter().map(|(label, messages)| Fit {
            label,
            compatibility: self.check(messages),
        });
        fits.filter(|fit| fit.compatibility.present().next().is_some())
            .min_by_key(|Fit { compatibility, .. }| {
                (
                    compatibility.conflicts().count(),
                    Reverse(compatibility.present().count()),
                    compatibility.absent().count(),
                )
            })
    }
}

/// The label with how many messages fit, then one line per conflict. Messages that are absent
/// are counted only: a plugin that is not loaded has hundreds.
impl<L: fmt::Display> fmt::Display for Fit<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            label,
            compatibility,
        } = self;
        let (all, present) = (compatibility.lines().len(), compatibility.present().count());
        write!(f, "{label}: VPP has {present} of {all} messages")?;
        match compatibility.conflicts().count() {
            0 => return Ok(()),
            conflicts => write!(f, ", and {conflicts} with another CRC")?,
        }
        let mut lines = compatibility.conflicts();
        lines.try_for_each(|line| write!(f, "\n{line}"))
    }
}
