//! Tests of files and records with hostile folders, full and read-only disks, concurrent processes
//! and killed processes.
//!
//! Some tests start this binary again as a child process, with the test [`child`] and a role in the
//! environment.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "helpers of tests fail the test"
)]

mod disk;
mod hostile;
mod killed;
mod race;
mod support;

/// Runs the role of a child process. Does nothing without a role.
#[test]
fn child() {
    let Some((role, folder)) = support::role() else {
        return;
    };
    match role.as_str() {
        "fill" => disk::fill(&folder),
        "read_only" => disk::read_only(&folder),
        "count" => race::count(&folder),
        "add" => race::add(&folder),
        "create" => race::create(&folder),
        "write" => killed::write(&folder),
        "hold" => killed::hold(&folder),
        other => assert_eq!(other, "", "not a role"),
    }
}
