//! What the generated code is worth: it compiles without a warning, and does what it should.

use std::path::Path;
use std::thread;

use super::crates::{Bindings, Workspace, fuzz, run_program};
use super::{releases, shared};

#[test]
#[ignore = "compiles whole releases, whose definitions .ci/run has in ../shared"]
fn every_module_of_every_release_passes_clippy() {
    for bindings in [Bindings::Plain, Bindings::Full] {
        let workspace = Workspace::new(bindings);
        let lints = ["clippy", "--package", "bindings-*", "--", "-D", "warnings"];
        workspace.cargo(&lints);
    }
}

#[test]
#[ignore = "compiles whole releases, whose definitions .ci/run has in ../shared"]
fn every_message_of_every_release_round_trips_and_equals_its_vectors() {
    let programs = ["build", "--package", "corpus-*"];
    Workspace::new(Bindings::Full).cargo(&programs);
    let one = |release: &str, definitions: &Path| {
        let vectors = shared("vectors").join(release);
        let mut arguments = vec![definitions];
        // An independent encoder made them, for some releases.
        if vectors.is_dir() {
            arguments.push(&vectors);
        }
        run_program(release, &arguments)
    };
    let results: Vec<_> = thread::scope(|scope| {
        let one = &one;
        let threads: Vec<_> = releases()
            .into_iter()
            .map(|(release, folder)| scope.spawn(move || one(&release, &folder)))
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    let faults: Vec<_> = results.into_iter().filter_map(Result::err).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// `VPP_FUZZ_PAYLOADS` is the number of payloads, by default ten million; they depend on
/// `VPP_FUZZ_SEED` alone.
#[test]
#[ignore = "compiles a whole release, whose definitions .ci/run has in ../shared, and runs for minutes"]
fn no_payload_makes_the_codecs_of_the_newest_release_disagree_panic_or_hold_much_memory() {
    let releases = releases();
    let (release, definitions) = releases.last().unwrap();
    let done = fuzz(&Workspace::new(Bindings::Full), release, definitions);
    println!("{release}: {}", done.unwrap());
}
