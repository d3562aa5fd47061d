use std::hash::{DefaultHasher, Hash, Hasher};

use vpp_dynamic::Codec;
use vpp_wire::trace::{TraceRecord, TraceTable};

/// A hash of what a record says: name, CRC and fields, without message number, client index and
/// context.
pub fn content_hash(codec: &Codec, table: &TraceTable, record: &TraceRecord<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    let Some(key) = table.key(record.id) else {
        // Without a name, only the same number is the same message.
        record.payload.hash(&mut hasher);
        return hasher.finish();
    };
    key.hash(&mut hasher);
    let header = match codec.definition(key) {
        Ok(definition) => [definition.header.client_index, definition.header.context],
        // Without a definition, the header is where most messages have it.
        Err(_) if key.contains("_reply_") || key.contains("_details_") => [None, Some(2)],
        Err(_) => [Some(2), Some(6)],
    };
    let skipped = header.map(|at| at.and_then(|at| usize::try_from(at).ok()));
    for (at, byte) in record.payload.iter().enumerate().skip(2) {
        let is_skipped = |start: &Option<usize>| start.is_some_and(|s| (s..s + 4).contains(&at));
        if !skipped.iter().any(is_skipped) {
            byte.hash(&mut hasher);
        }
    }
    hasher.finish()
}
