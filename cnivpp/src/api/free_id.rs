/// The id that asks VPP to choose one.
pub(crate) const CHOOSE: u32 = u32::MAX;

/// Attempts to claim a free ID.
pub(crate) const ATTEMPTS: usize = 8;

/// The lowest id from 1 on that is not among `used`.
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
    fn the_first_gap_is_taken() {
        assert_eq!(lowest([].into_iter()), 1);
        assert_eq!(lowest([0, 1, 2, 2, 4].into_iter()), 3);
        assert_eq!(lowest([7, 0].into_iter()), 1);
    }
}
