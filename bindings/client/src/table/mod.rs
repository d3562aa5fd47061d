//! The message table of a VPP, and what a program finds in it.

mod compatibility;
mod fit;

use std::fmt;

use vpp_wire::Message;
use vpp_wire::bootstrap::MessageTableEntry;

pub use compatibility::{Compatibility, CompatibilityLine, Presence};
pub use fit::Fit;

/// The messages of the connected VPP with their ids, sorted by name.
///
/// The ids are those of one run of one VPP; the table of the next connection is another.
#[derive(Clone, Default)]
pub struct MessageTable {
    entries: Vec<MessageTableEntry>,
}

impl MessageTable {
    pub(crate) fn new(mut entries: Vec<MessageTableEntry>) -> Self {
        entries.sort_unstable_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
        Self { entries }
    }

    /// The id of a message by its key, which is name, `_` and CRC in 8 hex digits.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<u16> {
        let at = self.from(key.as_bytes());
        let entry = self.entries.get(at)?;
        (entry.name == *key).then_some(entry.index)
    }

    /// The key of a message by its id.
    #[must_use]
    pub fn key(&self, id: u16) -> Option<&str> {
        let mut entries = self.entries.iter();
        let entry = entries.find(|entry| entry.index == id)?;
        entry.name.as_str().ok()
    }

    /// Whether VPP has the message `M` with the CRC that it was generated with.
    #[must_use]
    pub fn supports<M: Message>(&self) -> bool {
        self.get(M::KEY).is_some()
    }

    /// What this VPP has under `name`, compared with the CRC that a program was built for.
    #[must_use]
    pub fn presence(&self, name: &str, crc: u32) -> Presence {
        let mut other = Presence::Absent;
        for entry in self
            .entries
            .get(self.from(name.as_bytes())..)
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

    /// What this VPP has of `messages`, given as name and CRC.
    #[must_use]
    pub fn check(&self, messages: &[(&str, u32)]) -> Compatibility {
        let entries = messages.iter();
        Compatibility::new(entries.map(|(name, crc)| (*name, *crc, self.presence(name, *crc))))
    }

    /// Every key with its id; keys that are not UTF-8 are left out.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u16)> {
        let entries = self.entries.iter();
        entries.filter_map(|entry| Some((entry.name.as_str().ok()?, entry.index)))
    }

    /// The number of messages.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none, as before the first connection.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn from(&self, key: &[u8]) -> usize {
        self.entries
            .partition_point(|entry| entry.name.as_bytes() < key)
    }
}

/// `_1234abcd` as a number.
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
