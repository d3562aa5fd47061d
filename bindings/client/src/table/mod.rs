//! The message table of the connected VPP, and compatibility reports.

mod any_of;
mod best_match;
mod compatibility;
pub(crate) mod ids;

use std::cmp::Reverse;
use std::fmt;

use vpp_wire::Message;
use vpp_wire::bootstrap::MessageTableEntry;

pub use best_match::BestMatch;
pub use compatibility::{CompatibilityReport, MessageCompatibility, Presence};

/// The messages of the connected VPP with their ids, sorted by name.
///
/// The ids are valid for one connection. The next connection has its own table.
#[derive(Clone, Default)]
pub struct MessageTable {
    entries: Vec<MessageTableEntry>,
}

impl MessageTable {
    pub(crate) fn new(mut entries: Vec<MessageTableEntry>) -> Self {
        entries.sort_unstable_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
        Self { entries }
    }

    /// Looks up the id of a message by its key: name, `_` and CRC in 8 hex digits.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<u16> {
        let at = self.lower_bound(key.as_bytes());
        let entry = self.entries.get(at)?;
        (entry.name == *key).then_some(entry.index)
    }

    /// Looks up the key of a message by its id.
    #[must_use]
    pub fn key(&self, id: u16) -> Option<&str> {
        let mut entries = self.entries.iter();
        let entry = entries.find(|entry| entry.index == id)?;
        entry.name.as_str().ok()
    }

    /// Whether VPP has the message `M` with the CRC of its bindings.
    #[must_use]
    pub fn supports<M: Message>(&self) -> bool {
        self.get(M::KEY).is_some()
    }

    /// Whether VPP has the message `name` with this CRC.
    #[must_use]
    pub fn presence(&self, name: &str, crc: u32) -> Presence {
        let mut other = Presence::Absent;
        for entry in self
            .entries
            .get(self.lower_bound(name.as_bytes())..)
            .unwrap_or_default()
        {
            let Some(rest) = entry.name.as_bytes().strip_prefix(name.as_bytes()) else {
                break;
            };
            match crc_of(rest) {
                Some(found) if found == crc => return Presence::Present,
                Some(vpp) => other = Presence::OtherCrc { vpp },
                None => {}
            }
        }
        other
    }

    /// Reports which of `messages`, given as name and CRC, VPP has.
    #[must_use]
    pub fn check(&self, messages: &[(&str, u32)]) -> CompatibilityReport {
        let entries = messages.iter();
        CompatibilityReport::new(
            entries.map(|(name, crc)| (*name, *crc, self.presence(name, *crc))),
        )
    }

    /// Finds which of several sets of messages matches this VPP best. The sets usually are the
    /// same modules, generated from the definitions of several releases.
    ///
    /// ```no_run
    /// # mod v23_02 { pub const MESSAGES: &[(&str, u32)] = &[]; }
    /// # mod v26_06 { pub const MESSAGES: &[(&str, u32)] = &[]; }
    /// # fn example(client: &vpp_client::Client) {
    /// let candidates = [("v23.02", v23_02::MESSAGES), ("v26.06", v26_06::MESSAGES)];
    /// match client.best_match(candidates) {
    ///     Some(found) if found.report.conflicts().next().is_none() => {
    ///         println!("VPP has the API of {}", found.label);
    ///     }
    ///     Some(found) => println!("the best match has conflicts: {found}"),
    ///     None => println!("VPP does not have these modules"),
    /// }
    /// # }
    /// ```
    ///
    /// The best match is the set with the fewest conflicts (messages that VPP has with another
    /// CRC), then with the most messages present, then with the fewest absent, then the first
    /// one. Absent messages are not conflicts, because their plugin may not be loaded. Several
    /// sets can match equally well if VPP has no message in which they differ, so put the
    /// preferred one first.
    ///
    /// The best match can have conflicts, which the report lists. The result is `None` if VPP has
    /// no message of any set, for example before the first connection. It can change when the
    /// client reconnects to another VPP.
    #[must_use]
    pub fn best_match<'a, L>(
        &self,
        candidates: impl IntoIterator<Item = (L, &'a [(&'a str, u32)])>,
    ) -> Option<BestMatch<L>> {
        let reports = candidates.into_iter().map(|(label, messages)| BestMatch {
            label,
            report: self.check(messages),
        });
        reports
            .filter(|found| found.report.present().next().is_some())
            .min_by_key(|BestMatch { report, .. }| {
                (
                    report.conflicts().count(),
                    Reverse(report.present().count()),
                    report.absent().count(),
                )
            })
    }

    /// Iterates over the keys and ids. Keys that are not UTF-8 are skipped.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u16)> {
        let entries = self.entries.iter();
        entries.filter_map(|entry| Some((entry.name.as_str().ok()?, entry.index)))
    }

    /// Whether both tables have the same keys with the same ids.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.entries == other.entries
    }

    /// The number of messages.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the table is empty, as before the first connection.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The index of the first entry that is not less than `key`.
    fn lower_bound(&self, key: &[u8]) -> usize {
        self.entries
            .partition_point(|entry| entry.name.as_bytes() < key)
    }
}

/// Parses `_1234abcd` as a CRC.
fn crc_of(rest: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(rest.strip_prefix(b"_")?).ok()?;
    (digits.len() == 8).then(|| u32::from_str_radix(digits, 16).ok())?
}

impl fmt::Debug for MessageTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageTable")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
