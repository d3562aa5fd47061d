//! Aligns two sequences, as a text diff aligns lines.

use std::collections::HashMap;

/// The number of differences up to which a stretch without anchors is aligned exactly. Beyond
/// it, the whole stretch counts as replaced.
const MAX_DIFFERENCES: usize = 1000;

/// A run of the alignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    /// This many elements are the same.
    Same(usize),
    /// This many elements are only in the first sequence.
    Removed(usize),
    /// This many elements are only in the second sequence.
    Added(usize),
}

/// Aligns two sequences. The costs are in proportion to their length, times
/// [`MAX_DIFFERENCES`] at most.
///
/// Elements that occur once in each sequence are anchors (patience diff). The stretches between
/// them are aligned by Myers' algorithm.
pub fn align(a: &[u64], b: &[u64]) -> Vec<Run> {
    let mut runs = Runs::default();
    let (mut from_a, mut from_b) = (0, 0);
    let anchors = anchors(a, b);
    for (at_a, at_b) in anchors.into_iter().chain([(a.len(), b.len())]) {
        // Earlier stretches may have taken the anchor already.
        if at_a < from_a || at_b < from_b {
            continue;
        }
        stretch(&a[from_a..at_a], &b[from_b..at_b], &mut runs);
        let same = common(&a[at_a..], &b[at_b..]);
        runs.push(Run::Same(same));
        (from_a, from_b) = (at_a + same, at_b + same);
    }
    runs.0
}

#[derive(Default)]
struct Runs(Vec<Run>);

impl Runs {
    fn push(&mut self, run: Run) {
        let (Run::Same(new) | Run::Removed(new) | Run::Added(new)) = run;
        if new == 0 {
            return;
        }
        match (self.0.last_mut(), run) {
            (Some(Run::Same(count)), Run::Same(_))
            | (Some(Run::Removed(count)), Run::Removed(_))
            | (Some(Run::Added(count)), Run::Added(_)) => *count += new,
            _ => self.0.push(run),
        }
    }
}

/// The length of the common start.
fn common(a: &[u64], b: &[u64]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// The positions of the elements that occur once in each sequence, as the longest list that
/// ascends in both.
fn anchors(a: &[u64], b: &[u64]) -> Vec<(usize, usize)> {
    let once = |all: &[u64]| {
        let mut places: HashMap<u64, Option<usize>> = HashMap::new();
        for (at, one) in all.iter().enumerate() {
            places
                .entry(*one)
                .and_modify(|place| *place = None)
                .or_insert(Some(at));
        }
        places
    };
    let (in_a, in_b) = (once(a), once(b));
    let pairs = a.iter().enumerate().filter_map(|(at, one)| {
        (*in_a.get(one)?)?;
        Some((at, (*in_b.get(one)?)?))
    });
    let pairs: Vec<(usize, usize)> = pairs.collect();
    // The longest ascending subsequence: for each length, the pair that ends it with the
    // smallest position in `b`, and for each pair the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, (_, at_b)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < *at_b);
        before.push(length.checked_sub(1).map(|previous| ends[previous]));
        if length == ends.len() {
            ends.push(index);
        } else {
            ends[length] = index;
        }
    }
    let last = ends.last().copied();
    let chain = std::iter::successors(last, |index| before[*index]);
    let mut chain: Vec<_> = chain.map(|index| pairs[index]).collect();
    chain.reverse();
    chain
}

/// Aligns a stretch by Myers' greedy algorithm.
fn stretch(a: &[u64], b: &[u64], runs: &mut Runs) {
    let same = common(a, b);
    runs.push(Run::Same(same));
    let (a, b) = (&a[same..], &b[same..]);
    let tail = a.iter().rev().zip(b.iter().rev());
    let tail = tail.take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    let path = match a.is_empty() || b.is_empty() {
        true => None,
        false => shortest(a, b),
    };
    match path {
        Some(path) => path.into_iter().for_each(|run| runs.push(run)),
        None => {
            runs.push(Run::Removed(a.len()));
            runs.push(Run::Added(b.len()));
        }
    }
    runs.push(Run::Same(tail));
}

/// The alignment with the fewest differences; `None` beyond [`MAX_DIFFERENCES`].
fn shortest(a: &[u64], b: &[u64]) -> Option<Vec<Run>> {
    // For each number of differences, the furthest position in `a` per diagonal. The diagonals
    // of `d` differences are -d, -d+2, … d.
    let mut steps: Vec<Vec<usize>> = Vec::new();
    for d in 0..=MAX_DIFFERENCES {
        let mut row = Vec::with_capacity(d + 1);
        for i in 0..=d {
            let mut x = match (d, steps.last()) {
                (_, None) => 0,
                (_, Some(last)) => {
                    let down = last.get(i).copied();
                    let right = i.checked_sub(1).and_then(|i| last.get(i)).map(|x| x + 1);
                    down.unwrap_or(0).max(right.unwrap_or(0))
                }
            };
            // Diagonal k = 2i - d, and y = x - k.
            let Some(mut y) = (x + d).checked_sub(2 * i) else {
                row.push(x);
                continue;
            };
            if x <= a.len() && y <= b.len() {
                let same = common(&a[x..], &b[y..]);
                (x, y) = (x + same, y + same);
            }
            row.push(x);
            if x >= a.len() && y >= b.len() {
                steps.push(row);
                return Some(path(&steps, a.len(), b.len(), i));
            }
        }
        steps.push(row);
    }
    None
}

/// Walks the steps back from the end.
fn path(steps: &[Vec<usize>], mut x: usize, mut y: usize, mut i: usize) -> Vec<Run> {
    let mut runs = Vec::new();
    for d in (1..steps.len()).rev() {
        let last = &steps[d - 1];
        let down = last.get(i).copied();
        let right = i.checked_sub(1).and_then(|i| last.get(i).copied());
        // As in `shortest`: the further of both.
        let is_right = right.is_some_and(|right| right + 1 > down.unwrap_or(0)) || down.is_none();
        let start = if is_right {
            i -= 1;
            right.unwrap_or(0) + 1
        } else {
            down.unwrap_or(0)
        };
        let same = x.saturating_sub(start);
        runs.push(Run::Same(same));
        runs.push(if is_right {
            Run::Removed(1)
        } else {
            Run::Added(1)
        });
        x -= same + usize::from(is_right);
        y = y.saturating_sub(same + usize::from(!is_right));
    }
    runs.push(Run::Same(x.min(y)));
    runs.reverse();
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Applies an alignment to both sequences, which has to use up both.
    fn check(a: &[u64], b: &[u64]) -> usize {
        let (mut at_a, mut at_b, mut different) = (0, 0, 0);
        for run in align(a, b) {
            match run {
                Run::Same(count) => {
                    assert_eq!(a[at_a..at_a + count], b[at_b..at_b + count]);
                    at_a += count;
                    at_b += count;
                }
                Run::Removed(count) => {
                    at_a += count;
                    different += count;
                }
                Run::Added(count) => {
                    at_b += count;
                    different += count;
                }
            }
        }
        assert_eq!((at_a, at_b), (a.len(), b.len()));
        different
    }

    #[test]
    fn alignments_have_few_differences() {
        for (a, b, expected) in [
            (&[][..], &[][..], 0),
            (&[1], &[], 1),
            (&[], &[1, 2], 2),
            (&[1, 2, 3], &[1, 2, 3], 0),
            (&[1, 2, 3], &[1, 3], 1),
            (&[1, 1, 2, 2], &[2, 2, 1, 1], 4),
            (&[1, 2, 1, 2, 1], &[2, 1, 2, 1, 2], 2),
            (&[7, 7, 7, 1, 7], &[7, 7, 2, 7, 7], 2),
        ] {
            assert_eq!(check(a, b), expected, "{a:?} {b:?}");
        }
    }

    #[test]
    fn every_pair_of_short_sequences_is_aligned() {
        let sequence = |mut n: u64, length: usize| -> Vec<u64> {
            let mut next = || {
                n /= 3;
                n % 3
            };
            (0..length).map(|_| next()).collect()
        };
        for n in (0..729).step_by(4) {
            for m in (0..729).step_by(13) {
                for (i, j) in [(5, 5), (5, 3), (2, 5)] {
                    check(&sequence(n * 3, i), &sequence(m * 3, j));
                }
            }
        }
    }

    #[test]
    fn long_sequences_without_anchors_are_aligned_in_bounded_time() {
        let a: Vec<u64> = (0..100_000).map(|n| n * n % 7).collect();
        let b: Vec<u64> = (0..100_000).map(|n| n * n % 11 % 5).collect();
        check(&a, &b);
        let shifted: Vec<u64> = std::iter::once(9).chain(a.iter().copied()).collect();
        assert_eq!(check(&a, &shifted), 1);
    }
}
