use super::Marks;
use super::definitions::{Definitions, Left, recorded};
use super::search::{Known, names};
use crate::schema::File;

/// What the recorded CRCs of a file's messages prove of its enums: the enumerators that are
/// left out of each; none for an enum that counts as a whole. Enums that no message depends
/// on are not there.
pub fn proven(file: &File) -> Marks {
    let all = Definitions::of(file);
    let (none, mut known) = (Left::default(), Known::default());
    let mut open = Vec::new();
    for message in &file.messages {
        match (all.crc(message, &none), recorded(message)) {
            (Some((crc, enums)), Some(recorded)) if crc == recorded => known.whole.extend(enums),
            (Some((_, enums)), Some(recorded)) => open.push((message, enums, recorded)),
            _ => {}
        }
    }
    loop {
        let before = open.len();
        open.retain(|(message, enums, recorded)| {
            let Some(left) = known.explain(&all, message, enums, *recorded) else {
                return true;
            };
            // The others count as they are in the CRC that came out right.
            let whole = enums.iter().filter(|name| !left.contains_key(*name));
            known.whole.extend(whole);
            false
        });
        if open.len() == before {
            break;
        }
    }
    let mut marks: Marks = known
        .whole
        .iter()
        .map(|name| ((*name).to_owned(), Default::default()))
        .collect();
    for name in names(&all, known.left()) {
        if let Some((of, enumerator)) = name.split_once('.') {
            marks
                .entry(of.to_owned())
                .or_default()
                .insert(enumerator.to_owned());
        }
    }
    marks
}
