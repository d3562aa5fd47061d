//! Checks the bindings of a release. `tests/corpus` builds this program for each release with
//! its bindings as the crate `bindings`.

use std::collections::BTreeSet;
use std::process::ExitCode;

use bindings::vpp;
use replies::REPLIES;
use vpp_dynamic::Codec;
use vpp_tests::agreement::{self, Random};
use vpp_tests::{round_trip, vectors};

/// Generated next to this file for each release.
mod replies;

const PAYLOADS: usize = 40;
/// This is longer than any message without its arrays.
const PAYLOAD_LENGTH: usize = 3_000;

fn main() -> ExitCode {
    let mut folders = std::env::args().skip(1);
    let definitions = folders.next().unwrap_or_default();
    let result = folders.try_for_each(|folder| check_vectors(&folder));
    let result = result.and_then(|()| REPLIES.iter().try_for_each(|check| check()));
    let result = result.and_then(|()| check_round_trips());
    match result.and_then(|()| check_agreement(&definitions)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Compares the generated codec with the codec that interprets the definitions.
fn check_agreement(definitions: &str) -> Result<(), String> {
    let codec = Codec::new([definitions]).map_err(|error| error.to_string())?;
    let mut keys: Vec<String> = codec.keys().collect();
    keys.sort();
    let entries = vpp::REGISTRY.entries();
    if !keys.iter().eq(entries.iter().map(|entry| entry.key)) {
        return Err("the codec and the registry have different messages".to_owned());
    }
    let mut random = Random::new(0x2606);
    for _ in 0..PAYLOADS {
        let payload = random.payload(PAYLOAD_LENGTH);
        for entry in entries {
            agreement::check(&codec, entry, &payload, &mut random)?;
            agreement::check_encode(&codec, entry, "{}")?;
        }
    }
    Ok(())
}

fn check_vectors(folder: &str) -> Result<(), String> {
    let text = |error: std::io::Error| format!("{folder}: {error}");
    let mut samples = 0;
    for entry in std::fs::read_dir(folder).map_err(text)? {
        let lines = std::fs::read_to_string(entry.map_err(text)?.path()).map_err(text)?;
        samples += vectors::check_file(&vpp::REGISTRY, &lines)?;
    }
    if samples < 1_000 {
        return Err(format!("only {samples} samples in {folder}"));
    }
    Ok(())
}

fn check_round_trips() -> Result<(), String> {
    let mut random = Random::new(0x2606);
    let entries = vpp::REGISTRY.entries();
    let mut never_decoded: BTreeSet<&str> = entries.iter().map(|entry| entry.key).collect();
    for _ in 0..PAYLOADS {
        let payload = random.payload(PAYLOAD_LENGTH);
        for entry in entries {
            if (entry.decode)(&payload).is_ok() {
                never_decoded.remove(entry.key);
            }
            round_trip::check(entry, &payload)?;
            round_trip::check_cuts(entry, &payload)?;
        }
    }
    if never_decoded.is_empty() {
        return Ok(());
    }
    Err(format!("no payload decodes as {never_decoded:?}"))
}
