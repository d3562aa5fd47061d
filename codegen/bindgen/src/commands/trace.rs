use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use vpp_dynamic::Codec;

use crate::origin::{Origin, open_all};
use crate::stderr;
use crate::stdout::ignore_closed_reader;
use crate::trace::{LineWriter, TraceSource, Written};

/// Print an API trace, one line per message.
///
/// FILE is what VPP's `api trace save` or `api trace tx save` wrote, a post-mortem file
/// (/tmp/api_post_mortem.PID), or what the client of this project recorded; `-` is standard
/// input. The message numbers are those of the file's own table, so that a trace of any VPP can
/// be read. A trace has neither times nor client names.
///
/// The JSON of a message is that of VPP's `api trace save-json`, with `_index`, the position in
/// the file, from 0. A message whose definition is missing or has another CRC is printed with
/// `_hex`, its whole payload, and a warning names it.
///
/// Of a file that was cut off, everything before the cut is printed, then an error with the
/// offset of the cut.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  vpp-bindgen trace --api-dir /usr/share/vpp/api /tmp/mytrace
  vpp-bindgen trace --api-dir vendored --format text /tmp/api_post_mortem.4711 | less
  vpp-bindgen trace --api-dir unix:/run/vpp/api.sock /tmp/mytrace | jq -r ._msgname | sort | uniq -c

Exit status:
  0  all printed
  1  the bytes of some messages do not match their definition; they are printed as hex
  2  error; a file that was cut off")]
pub(super) struct Trace {
    /// A folder or file with definitions, a running VPP as unix:PATH, or `vendored`. Can be
    /// repeated.
    #[arg(long = "api-dir", required = true, value_name = "DIR")]
    inputs: Vec<Origin>,
    /// The output format.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// The trace.
    file: PathBuf,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    /// For people: index, name, fields.
    Text,
    /// For tools: one JSON object per line.
    Json,
}

impl Trace {
    pub(super) fn run(&self) -> ExitCode {
        let codec = match open_all(&self.inputs).and_then(|inputs| Ok(Codec::new(inputs)?)) {
            Ok(codec) => codec,
            Err(error) => return stderr::fail_to_load(error),
        };
        let source = match TraceSource::open(&self.file) {
            Ok(source) => source,
            Err(error) => return stderr::fail(error),
        };
        let mut lines = LineWriter::new(&codec, self.format == Format::Text);
        let result = print(source, &mut lines);
        stderr::warnings(lines.warnings());
        match result {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(error) => stderr::fail(error),
        }
    }
}

/// Prints all records. Returns whether all of them match their definitions.
fn print(mut source: TraceSource, lines: &mut LineWriter<'_>) -> Result<bool, String> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut is_good = true;
    let table = source.table().clone();
    loop {
        let record = match source.next_record() {
            Ok(Some(record)) => record,
            Ok(None) => break,
            Err(error) => {
                ignore_closed_reader(out.flush()).map_err(|error| error.to_string())?;
                return Err(error);
            }
        };
        match lines.write(&table, &record, &mut out) {
            Ok(Written::AsExpected) => {}
            Ok(Written::Undecodable(reason)) => {
                is_good = false;
                ignore_closed_reader(out.flush()).map_err(|error| error.to_string())?;
                stderr::print_error(format_args!("record {}: {reason}", record.index));
            }
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(is_good),
            Err(error) => return Err(error.to_string()),
        }
    }
    ignore_closed_reader(out.flush()).map_err(|error| error.to_string())?;
    Ok(is_good)
}
