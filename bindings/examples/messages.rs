//! Prints the name and CRC of every message of the enabled modules, as a list for
//! `vpp-bindgen diff OLD NEW --only-used FILE`.
//!
//! ```console
//! $ cargo run -p vpp-bindings --no-default-features --features memif --example messages > used.txt
//! ```

use std::io::{self, Write};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for (name, crc) in vpp_bindings::MESSAGES {
        writeln!(out, "{name}_{crc:08x}")?;
    }
    out.flush()
}
