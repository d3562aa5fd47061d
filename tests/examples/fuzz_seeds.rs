//! Writes the initial inputs of each target of the fuzzer: `fuzz_seeds FOLDER`.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use vpp_tests::fuzz::targets::TARGETS;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os()
        .nth(1)
        .ok_or("usage: fuzz_seeds FOLDER")?;
    for target in TARGETS {
        let folder = PathBuf::from(&folder).join(target.name);
        fs::create_dir_all(&folder)?;
        for (number, seed) in (target.seeds)()?.iter().enumerate() {
            fs::write(folder.join(format!("seed-{number}")), seed)?;
        }
    }
    Ok(())
}
