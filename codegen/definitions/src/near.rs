//! Names that are similar to an unknown one, for errors.

/// The most names that an error lists.
const MOST: usize = 5;

/// The names nearest to `wanted`, nearest first, separated by commas.
pub fn names<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> String {
    let limit = wanted.len() / 4 + 1;
    let mut near: Vec<(usize, &str)> = known
        .filter_map(|name| {
            let distance = match name.starts_with(wanted) || wanted.starts_with(name) {
                true => 1,
                false => distance(wanted, name, limit)?,
            };
            Some((distance, name))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    near.truncate(MOST);
    let names: Vec<_> = near.into_iter().map(|(_, name)| name).collect();
    names.join(", ")
}

/// The number of bytes to insert, remove or replace; `None` if it exceeds `limit`.
fn distance(one: &str, other: &str, limit: usize) -> Option<usize> {
    if one.len().abs_diff(other.len()) > limit {
        return None;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, a) in one.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (column, b) in other.bytes().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().filter(|distance| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_names_come_first() {
        let known = [
            "memif_create_v2",
            "memif_delete",
            "memif_creat",
            "tap_create_v3",
        ];
        let near = |wanted| names(wanted, known.into_iter());
        assert_eq!(near("memif_crate_v2"), "memif_create_v2");
        assert_eq!(
            near("memif_create"),
            "memif_creat, memif_create_v2, memif_delete"
        );
        assert_eq!(near("zzz"), "");
    }
}
