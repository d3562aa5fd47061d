//! Built by `tests/corpus.rs` with the bindings of a whole release beside it.

mod vpp;

use std::process::ExitCode;

use vpp_tests::{round_trip, vectors};

const PAYLOADS: usize = 40;

fn main() -> ExitCode {
    let result = std::env::args().skip(1).try_for_each(|folder| check_vectors(&folder));
    match result.and_then(|()| check_round_trips()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
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
    let mut state = 0x2606_u64;
    for _ in 0..PAYLOADS {
        let payload: Vec<u8> = (0..2_000).map(|_| small(&mut state)).collect();
        for entry in vpp::REGISTRY.entries() {
            round_trip::check(entry, &payload)?;
            round_trip::check_cuts(entry, &payload)?;
        }
    }
    Ok(())
}

/// Mostly zero or small, so that counts find their elements.
fn small(state: &mut u64) -> u8 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let [high, choice, ..] = state.to_be_bytes();
    match choice % 8 {
        0..5 => 0,
        5..7 => high % 4,
        _ => high,
    }
}
