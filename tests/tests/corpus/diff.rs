//! Every release against every other: what one way adds, the other removes.

use std::collections::BTreeMap;

use vpp_api_tools::{Change, DiffOptions, Kind, Report, State, diff};

use super::releases;

#[test]
#[ignore = "reads whole releases, whose definitions .ci/run has in ../shared"]
fn every_release_and_every_other_differ_alike_both_ways() {
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

type Facts<'a> = BTreeMap<(Kind, &'a str), (State, Option<&'a str>, Option<&'a str>)>;

/// What a way says of each definition, or the way back would say.
fn facts(report: &Report, is_back: bool) -> Facts<'_> {
    let fact = |change: &Change| match (is_back, change.state) {
        (true, State::Added) => State::Removed,
        (true, State::Removed) => State::Added,
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

/// What a program loses, or finds with another CRC, breaks it; what is new does not.
fn check_flags(report: &Report) {
    for change in &report.changes {
        let (is_gone, is_new) = match change.state {
            State::Removed => (true, false),
            State::Added => (false, true),
            State::Changed => (false, false),
        };
        let must = is_gone || change.has_other_crc() || change.reasons.iter().any(|r| r.breaking);
        let may = must && !is_new;
        assert!(change.breaking == must && must == may, "{change:?}");
        assert!(!is_new || change.reasons.iter().all(|r| !r.breaking));
        let is_told = change.state != State::Changed || !change.reasons.is_empty();
        assert!(is_told, "nothing is said of {change:?}");
    }
    let breaking = report.changes.iter().filter(|change| change.breaking);
    let summary = &report.summary;
    let counted = [&summary.messages, &summary.types, &summary.services];
    let sum: usize = counted.map(|numbers| numbers.breaking).iter().sum();
    assert_eq!(breaking.count(), sum);
    assert_eq!(report.breaking, sum > 0);
}
