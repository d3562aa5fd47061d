//! Files and records under adversity: hostile folders, full and read-only disks, many processes,
//! and processes that are killed.
//!
//! Some tests run parts of themselves in other processes: this binary again, with the test
//! [`child`] and a role in the environment.

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

/// The other processes; no test by itself.
#[test]
fn child() {
    let Some((role, folder)) = support::role() else {
        return;
    };
    match role.as_str() {
        "fill" => disk::fill(&folder),
        "refuse" => disk::refuse(&folder),
        "count" => race::count(&folder),
        "add" => race::add(&folder),
        "create" => race::create(&folder),
        "write" => killed::write(&folder),
        "hold" => killed::hold(&folder),
        other => assert_eq!(other, "", "it is not a role"),
    }
}
