use std::cmp::Reverse;

use vpp_wire::FixedString;
use vpp_wire::bootstrap::MessageTableEntry;

use super::{CompatibilityReport, MessageTable, Presence};

impl MessageTable {
    /// What this VPP has of `needs`, each of which is met by any one of its messages.
    ///
    /// A need lists alternatives by name and CRC, the preferred one first and the oldest last.
    /// The report has one line per need: the alternative that can be sent; otherwise one that
    /// VPP has with another CRC; otherwise the oldest. A need without alternatives has no line.
    ///
    /// ```
    /// use vpp_client::table::{MessageTable, Presence};
    ///
    /// let table: MessageTable = [("memif_create", 0xb1b2_5061)].into_iter().collect();
    /// let report = table.check_any(&[
    ///     &[("memif_create_v2", 0x8c7d_e5f7), ("memif_create", 0xb1b2_5061)],
    ///     &[("create_vhost_user_if_v2", 0xdba1_cc1d), ("create_vhost_user_if", 0xc785_c6fc)],
    /// ]);
    /// assert_eq!(report.get("memif_create"), Some(Presence::Present));
    /// assert_eq!(report.get("create_vhost_user_if"), Some(Presence::Absent));
    /// assert_eq!(report.messages().len(), 2);
    /// ```
    #[must_use]
    pub fn check_any(&self, needs: &[&[(&str, u32)]]) -> CompatibilityReport {
        CompatibilityReport::new(needs.iter().filter_map(|need| {
            let alternatives = need.iter().enumerate();
            let alternatives = alternatives.map(|(at, (name, crc))| {
                let presence = self.presence(name, *crc);
                let rank = match presence {
                    Presence::Present => (2, Reverse(at)),
                    Presence::OtherCrc { .. } => (1, Reverse(at)),
                    Presence::Absent => (0, Reverse(need.len() - at)),
                };
                (rank, (*name, *crc, presence))
            });
            let best = alternatives.max_by_key(|(rank, _)| *rank);
            best.map(|(_, line)| line)
        }))
    }
}

/// A table of the messages with these names and CRCs, for checks without a connection.
///
/// Its ids are not those of a VPP. A name that is too long for VPP's table is left out.
impl<'a> FromIterator<(&'a str, u32)> for MessageTable {
    fn from_iter<I: IntoIterator<Item = (&'a str, u32)>>(messages: I) -> Self {
        let entries = messages.into_iter().zip(0..);
        let entries = entries.filter_map(|((name, crc), index)| {
            let name = FixedString::new(&format!("{name}_{crc:08x}")).ok()?;
            Some(MessageTableEntry { index, name })
        });
        Self::new(entries.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEED: &[(&str, u32)] = &[("new", 3), ("old", 2), ("oldest", 1)];

    fn check(vpp: &[(&str, u32)]) -> (String, Presence) {
        let table: MessageTable = vpp.iter().copied().collect();
        let report = table.check_any(&[NEED]);
        let [line] = report.messages() else {
            panic!("one need has one line: {report:?}");
        };
        (line.name.clone(), line.presence)
    }

    #[test]
    fn best_state_of_the_alternatives_counts() {
        let other_crc = Presence::OtherCrc { vpp: 9 };
        for (vpp, name, presence) in [
            (&[][..], "oldest", Presence::Absent),
            (&[("new", 9)], "new", other_crc),
            (&[("oldest", 9)], "oldest", other_crc),
            (&[("new", 9), ("old", 9)], "new", other_crc),
            (&[("new", 9), ("oldest", 1)], "oldest", Presence::Present),
            (&[("new", 3), ("old", 2)], "new", Presence::Present),
        ] {
            assert_eq!(check(vpp), (name.to_owned(), presence), "{vpp:?}");
        }
    }

    #[test]
    fn need_without_alternatives_has_no_line() {
        let table = MessageTable::default();
        assert!(table.check_any(&[&[]]).messages().is_empty());
    }
}
