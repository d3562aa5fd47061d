use std::collections::BTreeMap;

use super::error::{TracePart, TraceReadError};
use super::varint;

/// The message table of a trace file: the key (name, `_`, CRC in 8 hex digits) of each message
/// number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TraceTable(BTreeMap<u16, String>);

impl TraceTable {
    /// The key of a message number.
    #[must_use]
    pub fn key(&self, id: u16) -> Option<&str> {
        self.0.get(&id).map(String::as_str)
    }

    /// All message numbers with their keys, by number.
    pub fn iter(&self) -> impl Iterator<Item = (u16, &str)> {
        self.0.iter().map(|(id, key)| (*id, key.as_str()))
    }

    /// The number of messages.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the table has no messages.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Parses a table that starts at `start` in the file. Bytes that are not UTF-8 become U+FFFD.
    /// If a number is repeated, its first key counts. Bytes after the last entry are ignored, as
    /// in VPP.
    pub(super) fn parse(bytes: &[u8], start: u64) -> Result<Self, TraceReadError> {
        let mut rest = bytes;
        let end = start + bytes.len() as u64;
        let truncated = |missing: usize| TraceReadError::Truncated {
            part: TracePart::Table,
            offset: end,
            missing: missing as u64,
        };
        let Some((count, after)) = rest.split_first_chunk() else {
            return Err(truncated(4 - rest.len()));
        };
        rest = after;
        let mut ids = BTreeMap::new();
        // Each entry takes at least two bytes, so a hostile count ends at the end of the table.
        for _ in 0..u32::from_be_bytes(*count) {
            let offset = end - rest.len() as u64;
            let id = varint::take(&mut rest).map_err(truncated)?;
            let length = varint::take(&mut rest).map_err(truncated)?;
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            let Some((key, after)) = rest.split_at_checked(length) else {
                return Err(truncated(length - rest.len()));
            };
            rest = after;
            let id = u16::try_from(id).map_err(|_| TraceReadError::MessageId { offset, id })?;
            ids.entry(id)
                .or_insert_with(|| String::from_utf8_lossy(key).into_owned());
        }
        Ok(Self(ids))
    }

    pub(super) fn serialize(&self) -> Vec<u8> {
        // The keys of the map are u16, so the length fits a u32.
        let count = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        let mut out = count.to_be_bytes().to_vec();
        for (id, key) in &self.0 {
            varint::put(u64::from(*id), &mut out);
            varint::put(key.len() as u64, &mut out);
            out.extend(key.as_bytes());
        }
        out
    }
}

impl FromIterator<(u16, String)> for TraceTable {
    fn from_iter<I: IntoIterator<Item = (u16, String)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}
