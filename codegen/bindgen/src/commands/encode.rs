use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::process::ExitCode;

use clap::Args;
use vpp_dynamic::{Codec, Header};

use crate::origin::{Origin, open_all};
use crate::{stderr, stdout};

/// Encode JSON to the bytes of a message, in lower-case hex.
///
/// The bytes are a whole payload: message id, client_index and context if the message has them,
/// then the fields. Missing fields have the API file's defaults, unknown fields are an error, and
/// `_msgname`, `_crc` and counts are checked if present. A union can have any of its arms.
///
/// With `-`, every line of standard input is JSON, and every line of output its payload. A line
/// that cannot be encoded is reported with its number; the other lines are encoded, and the exit
/// status is 1. Empty lines are skipped.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  vpp-bindgen encode --api-dir /usr/share/vpp/api memif_delete '{\"sw_if_index\": 3}' --context 7
  vpp-bindgen encode --api-dir api memif_create - --msg-id 0x5d < messages.jsonl

Exit status:
  0  all encoded
  1  some JSON is not this message
  2  error")]
pub(super) struct Encode {
    /// A folder or file with definitions, a running VPP as unix:PATH, or `vendored`. Can be
    /// repeated.
    #[arg(long = "api-dir", required = true, value_name = "DIR")]
    inputs: Vec<Origin>,
    /// The message by name, or by name and CRC: memif_create_b1b25061.
    message: String,
    /// The message as JSON; `-` reads many.
    json: String,
    /// The message's number in VPP's message table, decimal or 0x….
    #[arg(long, default_value = "0", value_name = "N", value_parser = number::<u16>)]
    msg_id: u16,
    /// The client index, decimal or 0x….
    #[arg(long, default_value = "0", value_name = "N", value_parser = number::<u32>)]
    client_index: u32,
    /// The number of the call, decimal or 0x….
    #[arg(long, default_value = "0", value_name = "N", value_parser = number::<u32>)]
    context: u32,
}

impl Encode {
    pub(super) fn run(&self) -> ExitCode {
        let header = Header {
            msg_id: self.msg_id,
            client_index: self.client_index,
            context: self.context,
        };
        convert(&self.inputs, &self.json, |codec: &Codec, json| {
            let payload = codec.encode(&self.message, json, header);
            payload
                .map(|payload| hex(&payload))
                .map_err(|error| error.to_string())
        })
    }
}

fn number<N: TryFrom<u64>>(text: &str) -> Result<N, String> {
    let number = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    let number = number.map_err(|error| error.to_string())?;
    N::try_from(number).map_err(|_| format!("{text} is too large for the field"))
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a `String` is infallible.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Parses hex of upper or lower case, with or without `0x`. Spaces are skipped.
pub(super) fn bytes_of_hex(text: &str) -> Result<Vec<u8>, String> {
    let text = text.trim();
    let digits = text
        .strip_prefix("0x")
        .or(text.strip_prefix("0X"))
        .unwrap_or(text);
    let digits = digits.chars().filter(|c| !c.is_ascii_whitespace());
    let digit = |c: char| {
        let digit = c.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        digit.ok_or_else(|| format!("{c:?} is not a hex digit"))
    };
    let digits = digits.map(digit).collect::<Result<Vec<u8>, _>>()?;
    let pairs = digits.chunks(2).map(|pair| match *pair {
        [high, low] => Ok(high << 4 | low),
        _ => Err("an odd number of hex digits".to_owned()),
    });
    pairs.collect()
}

/// Converts one text, or with `-` every line of standard input.
pub(super) fn convert(
    inputs: &[Origin],
    text: &str,
    one: impl Fn(&Codec, &str) -> Result<String, String>,
) -> ExitCode {
    let codec = match open_all(inputs).and_then(|inputs| Ok(Codec::new(inputs)?)) {
        Ok(codec) => codec,
        Err(error) => return stderr::fail(error),
    };
    if text != "-" {
        return match one(&codec, text) {
            Ok(line) => match stdout::print(&format!("{line}\n")) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => stderr::fail(error),
            },
            Err(error) => {
                stderr::print_error(error);
                ExitCode::FAILURE
            }
        };
    }
    match convert_lines(|line| one(&codec, line)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => stderr::fail(error),
    }
}

/// Converts the lines of standard input. Returns whether all could be converted.
fn convert_lines(one: impl Fn(&str) -> Result<String, String>) -> io::Result<bool> {
    let mut input = BufReader::with_capacity(1 << 16, io::stdin().lock());
    let mut out = BufWriter::new(io::stdout().lock());
    let mut line = Vec::new();
    let mut is_complete = true;
    for number in 1_u64.. {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let text = std::str::from_utf8(&line).map(str::trim);
        let converted = match text {
            Ok("") => continue,
            Ok(text) => one(text),
            Err(error) => Err(error.to_string()),
        };
        match converted {
            Ok(text) => writeln!(out, "{text}")?,
            Err(error) => {
                is_complete = false;
                out.flush()?;
                stderr::print_error(format_args!("line {number}: {error}"));
            }
        }
        // Flush when no further line is buffered, so that an interactive user gets each result.
        if !input.buffer().contains(&b'\n') {
            out.flush()?;
        }
    }
    out.flush()?;
    Ok(is_complete)
}
