//! The generated code of whole releases compiles without warnings and works.

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
        // Some releases have vectors of an independent encoder.
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

/// `VPP_FUZZ_PAYLOADS` is the number of payloads, by default ten million. They depend only on
/// `VPP_FUZZ_SEED`.
#[test]
#[ignore = "compiles a whole release, whose definitions .ci/run has in ../shared, and runs for minutes"]
fn fuzzing_the_newest_release_finds_no_fault() {
    let releases = releases();
    let (release, definitions) = releases.last().unwrap();
    let output = fuzz(&Workspace::new(Bindings::Full), release, definitions);
    println!("{release}: {}", output.unwrap());
}
