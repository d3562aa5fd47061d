use std::process::ExitCode;

use clap::Args;
use vpp_dynamic::Codec;

use super::encode::{bytes_of_hex, convert};
use crate::origin::Origin;

/// Decode the bytes of a message to JSON.
///
/// The bytes are a whole payload: message id, client_index and context if the message has them,
/// then the fields. The JSON has the format of VPP's API traces: a union has all its arms, counts
/// are numbers, addresses are text. Bytes after the last field are ignored, as in VPP's own
/// clients.
///
/// With `-`, every line of standard input is a payload, and every line of output its JSON. A
/// line that cannot be decoded is reported with its number; the other lines are decoded, and the
/// exit status is 1. Empty lines are skipped.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  vpp-bindgen decode --api-dir /usr/share/vpp/api sw_interface_dump 00170000000100000007ffffffff0000000000
  vpp-bindgen decode --api-dir api memif_create_b1b25061 - < payloads.txt

Exit status:
  0  all decoded
  1  some bytes are not this message
  2  error")]
pub(super) struct Decode {
    /// A folder or file with definitions, a running VPP as unix:PATH, or `vendored`. Can be
    /// repeated.
    #[arg(long = "api-dir", required = true, value_name = "DIR")]
    inputs: Vec<Origin>,
    /// The message by name, or by name and CRC: memif_create_b1b25061.
    message: String,
    /// The payload in hex, upper or lower case, with or without 0x; `-` reads many.
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
