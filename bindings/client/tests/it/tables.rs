//! The message tables of a peer.

use crate::messages::KEYS;

/// The messages of a peer, with ids from `first` on.
pub fn table(first: u16) -> Vec<(String, u16)> {
    let keys = KEYS.iter().zip(first..);
    keys.map(|(key, id)| ((*key).to_owned(), id)).collect()
}

/// The same messages with other ids, in another order.
pub fn shuffled(first: u16) -> Vec<(String, u16)> {
    let mut entries = table(first);
    let ids: Vec<_> = entries.iter().rev().map(|(_, id)| *id).collect();
    for (entry, id) in entries.iter_mut().zip(ids) {
        entry.1 = id;
    }
    entries.rotate_left(3);
    entries
}

/// The messages of a peer without `key`.
pub fn table_without(key: &str) -> Vec<(String, u16)> {
    let mut entries = table(100);
    entries.retain(|(known, _)| known != key);
    entries
}

/// The messages of a peer that has `key` with another CRC.
pub fn table_with_other_crc(key: &str) -> Vec<(String, u16)> {
    let mut entries = table(100);
    let entry = entries.iter_mut().find(|(known, _)| known == key).unwrap();
    entry.0.truncate(key.len() - 8);
    entry.0.push_str("0badcafe");
    entries
}
