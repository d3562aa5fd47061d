//! Built by `tests/corpus` for a release, whose bindings are the crate `bindings`: payloads of
//! every message through both codecs.

use std::process::ExitCode;

use bindings::vpp;
use vpp_dynamic::Codec;
use vpp_tests::allocations::Counting;
use vpp_tests::fuzz::{self, Done, Plan};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const PAYLOADS: usize = 10_000_000;

fn main() -> ExitCode {
    let definitions = std::env::args().nth(1).unwrap_or_default();
    match run(&definitions) {
        Ok(Done { payloads, accepted }) => {
            println!("{payloads} payloads, {accepted} of them valid");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

fn run(definitions: &str) -> Result<Done, String> {
    let codec = Codec::new([definitions]).map_err(|error| error.to_string())?;
    let plan = Plan::from_env(PAYLOADS)?;
    fuzz::run(&codec, vpp::REGISTRY.entries(), plan)
}
