/// The ID that lets VPP choose one.
pub(crate) const CHOOSE: u32 = u32::MAX;

/// Attempts to claim a free ID.
pub(crate) const ATTEMPTS: usize = 8;

/// The lowest ID from 1 that is not in `used`.
pub(crate) fn lowest(used: impl Iterator<Item = u32>) -> u32 {
    let mut used: Vec<u32> = used.filter(|id| *id > 0).collect();
    used.sort_unstable();
    used.dedup();
    let mut free = 1;
    for id in used {
        if id != free {
            break;
        }
        free = id.saturating_add(1);
    }
    free
}

#[cfg(test)]
mod tests {
    use super::lowest;

    #[test]
    fn lowest_free_id_is_chosen() {
        assert_eq!(lowest([].into_iter()), 1);
        assert_eq!(lowest([0, 1, 2, 2, 4].into_iter()), 3);
        assert_eq!(lowest([7, 0].into_iter()), 1);
    }
}
