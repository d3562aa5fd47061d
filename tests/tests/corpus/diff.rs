//! Compares every release with every other in both directions.

use std::collections::BTreeMap;

use vpp_api_tools::{Change, ChangeKind, DiffOptions, ItemKind, Report, diff};

use super::releases;

#[test]
#[ignore = "reads whole releases, whose definitions .ci/run has in ../shared"]
fn differences_of_all_releases_are_symmetric() {
    let releases = releases();
    for (at, (old, old_folder)) in releases.iter().enumerate() {
        for (new, new_folder) in &releases[at..] {
            let compare = |one, other| diff(one, other, &DiffOptions::default()).unwrap();
            let (one, other) = ([old_folder.clone()], [new_folder.clone()]);
            let there = compare(&one, &other);
            check_flags(&there);
            if old == new {
                assert!(there.changes.is_empty() && !there.breaking, "{old}");
                continue;
            }
            let back = compare(&other, &one);
            check_flags(&back);
            assert_eq!(there.modules.added, back.modules.removed, "{old} {new}");
            assert_eq!(there.modules.removed, back.modules.added, "{old} {new}");
            let (there, back) = (facts(&there, false), facts(&back, true));
            let names = there.keys().chain(back.keys());
            let other = names.filter(|name| there.get(name) != back.get(name));
            let other: Vec<_> = other
                .map(|name| (name, there.get(name), back.get(name)))
                .collect();
            assert!(other.is_empty(), "{old} {new}: {other:?}");
        }
    }
}

type Facts<'a> = BTreeMap<(ItemKind, &'a str), (ChangeKind, Option<&'a str>, Option<&'a str>)>;

/// The changes of all definitions, reversed if `is_back`.
fn facts(report: &Report, is_back: bool) -> Facts<'_> {
    let fact = |change: &Change| match (is_back, change.state) {
        (true, ChangeKind::Added) => ChangeKind::Removed,
        (true, ChangeKind::Removed) => ChangeKind::Added,
        (_, state) => state,
    };
    let facts = report.changes.iter().map(|change| {
        let (mut old, mut new) = (change.old_crc.as_deref(), change.new_crc.as_deref());
        if is_back {
            (old, new) = (new, old);
        }
        let name = (change.kind, change.name.as_str());
        (name, (fact(change), old, new))
    });
    let count = facts.len();
    let facts: Facts<'_> = facts.collect();
    assert_eq!(facts.len(), count, "a definition has two changes");
    facts
}

/// Checks that removed definitions and other CRCs are breaking, and that added definitions are
/// not.
fn check_flags(report: &Report) {
    for change in &report.changes {
        let (is_gone, is_new) = match change.state {
            ChangeKind::Removed => (true, false),
            ChangeKind::Added => (false, true),
            ChangeKind::Changed => (false, false),
        };
        let must = is_gone || change.has_other_crc() || change.reasons.iter().any(|r| r.breaking);
        let may = must && !is_new;
        assert!(change.breaking == must && must == may, "{change:?}");
        assert!(!is_new || change.reasons.iter().all(|r| !r.breaking));
        let has_reason = change.state != ChangeKind::Changed || !change.reasons.is_empty();
        assert!(has_reason, "{change:?} has no reason");
    }
    let breaking = report.changes.iter().filter(|change| change.breaking);
    let summary = &report.summary;
    let counted = [&summary.messages, &summary.types, &summary.services];
    let sum: usize = counted.map(|numbers| numbers.breaking).iter().sum();
    assert_eq!(breaking.count(), sum);
    assert_eq!(report.breaking, sum > 0);
}
