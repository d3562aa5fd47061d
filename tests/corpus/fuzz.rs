//! Fuzzes both codecs with payloads of every message of a release. `tests/corpus` builds this
//! program with the release's bindings as the crate `bindings`.

use std::process::ExitCode;

use bindings::vpp;
use vpp_dynamic::Codec;
use vpp_tests::allocations::Counting;
use vpp_tests::fuzz::{self, FuzzPlan, Summary};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const PAYLOADS: usize = 10_000_000;

fn main() -> ExitCode {
    let definitions = std::env::args().nth(1).unwrap_or_default();
    match run(&definitions) {
        Ok(Summary { payloads, accepted }) => {
            println!("{payloads} payloads, {accepted} of them valid");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

fn run(definitions: &str) -> Result<Summary, String> {
    let codec = Codec::new([definitions]).map_err(|error| error.to_string())?;
    let plan = FuzzPlan::from_env(PAYLOADS)?;
    fuzz::run(&codec, vpp::REGISTRY.entries(), plan)
}
