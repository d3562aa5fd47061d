use std::process::ExitCode;

use clap::Args;
use vpp_dynamic::Codec;

use super::encode::{bytes_of_hex, convert};
use crate::origin::Origin;

/// Print the JSON of a message's bytes.
///
/// The bytes are a whole payload: message id, client_index and context where the
/// message has them, then the fields. The JSON is VPP's own, as in its API traces:
/// every union with all of its arms, counts as numbers, addresses as text. Bytes behind
/// the last field are ignored, as VPP's own clients do.
///
/// With `-` every line of standard input is one payload, and every line of output one
/// JSON. A line that is no such message is an error that names the line; the others are
/// done all the same, and the exit status is then 1. Empty lines are passed over.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  vpp-bindgen decode --api-dir /usr/share/vpp/api sw_interface_dump 00170000000100000007ffffffff0000000000
  vpp-bindgen decode --api-dir api memif_create_b1b25061 - < payloads.txt

Exit status:
  0  all converted
  1  some bytes are no such message
  2  error")]
pub(super) struct Decode {
    /// A folder or file with definitions; a running VPP, unix:PATH; or `vendored`. May be
    /// given again.
    #[arg(long = "api-dir", required = true, value_name = "DIR")]
    inputs: Vec<Origin>,
    /// The message by name, or by name and CRC: memif_create_b1b25061.
    message: String,
    /// The payload in hex, of either case, with or without 0x; `-` reads many.
    hex: String,
}

impl Decode {
    pub(super) fn run(&self) -> ExitCode {
        convert(&self.inputs, &self.hex, |codec: &Codec, hex| {
            let payload = bytes_of_hex(hex)?;
            codec
                .decode(&self.message, &payload)
                .map_err(|error| error.to_string())
        })
    }
}
