use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The files that each file uses.
pub type Uses = BTreeMap<PathBuf, BTreeSet<PathBuf>>;

/// The groups of files that use each other, directly or through others of the group.
pub fn find(uses: &Uses) -> Vec<Vec<PathBuf>> {
    let reached: BTreeMap<_, _> = uses.keys().map(|file| (file, reach(uses, file))).collect();
    let mut seen = BTreeSet::new();
    let mut circles = Vec::new();
    for (file, reaches) in &reached {
        let circle: Vec<PathBuf> = reaches
            .iter()
            .filter(|other| reached.get(other).is_some_and(|back| back.contains(*file)))
            .cloned()
            .collect();
        if circle.len() > 1 && circle.iter().all(|file| seen.insert(file.clone())) {
            circles.push(circle);
        }
    }
    circles
}

fn reach(uses: &Uses, from: &PathBuf) -> BTreeSet<PathBuf> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(file) = waiting.pop() {
        for used in uses.get(file).into_iter().flatten() {
            if reached.insert(used.clone()) {
                waiting.push(used);
            }
        }
    }
    reached
}
