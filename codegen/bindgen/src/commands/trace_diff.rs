use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use vpp_dynamic::Codec;

use crate::origin::{Origin, open_all};
use crate::stderr;
use crate::stdout::ignore_closed_reader;
use crate::trace::{LineWriter, Run, TraceSource, align, content_hash};

/// Compare two API traces.
///
/// Records are aligned like the lines of two texts. They are the same if name, CRC and fields
/// are the same; message number, client index and context are not compared, so that traces of
/// different runs and clients can be compared. Each record that is in one trace only is printed:
/// `-` those of OLD, `+` those of NEW.
///
/// Very different stretches without a record that occurs once in both traces are printed as
/// replaced.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  vpp-bindgen trace-diff --api-dir vendored good.trace bad.trace
  vpp-bindgen trace-diff --api-dir /usr/share/vpp/api --format json good.trace bad.trace | jq ._side

Exit status:
  0  the traces have the same records
  1  they differ
  2  error; a file that was cut off")]
pub(super) struct TraceDiff {
    /// A folder or file with definitions, a running VPP as unix:PATH, or `vendored`. Can be
    /// repeated.
    #[arg(long = "api-dir", required = true, value_name = "DIR")]
    inputs: Vec<Origin>,
    /// The output format.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The first trace. It is read twice, so it has to be a file.
    old: PathBuf,
    /// The second trace. It is read twice, so it has to be a file.
    new: PathBuf,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    /// For people: sign, index, name, fields.
    Text,
    /// For tools: one JSON object per line, with `_side`, old or new.
    Json,
}

impl TraceDiff {
    pub(super) fn run(&self) -> ExitCode {
        let codec = match open_all(&self.inputs).and_then(|inputs| Ok(Codec::new(inputs)?)) {
            Ok(codec) => codec,
            Err(error) => return stderr::fail_to_load(error),
        };
        match self.compare(&codec) {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(error) => stderr::fail(error),
        }
    }

    /// Prints the differences. Returns whether there are none.
    fn compare(&self, codec: &Codec) -> Result<bool, String> {
        let hashes = |path: &PathBuf| -> Result<Vec<u64>, String> {
            let mut source = TraceSource::open(path)?;
            let table = source.table().clone();
            let mut all = Vec::new();
            while let Some(record) = source.next_record()? {
                all.push(content_hash(codec, &table, &record));
            }
            Ok(all)
        };
        let runs = align(&hashes(&self.old)?, &hashes(&self.new)?);
        let is_text = self.format == Format::Text;
        let mut old = Side::open(&self.old, LineWriter::new(codec, is_text))?;
        let mut new = Side::open(&self.new, LineWriter::new(codec, is_text))?;
        let [removed, added] = match self.format {
            Format::Text => ["-", "+"],
            Format::Json => ["{\"_side\":\"old\",", "{\"_side\":\"new\","],
        };
        let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        let mut is_same = true;
        for run in runs {
            let written = match run {
                Run::Same(count) => {
                    old.skip(count)?;
                    new.skip(count)?;
                    continue;
                }
                Run::Removed(count) => old.print(count, removed, &mut out)?,
                Run::Added(count) => new.print(count, added, &mut out)?,
            };
            is_same = false;
            match written {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(false),
                written => written.map_err(|error| error.to_string())?,
            }
        }
        ignore_closed_reader(out.flush()).map_err(|error| error.to_string())?;
        Ok(is_same)
    }
}

/// One of the traces, while its records are printed.
struct Side<'a> {
    source: TraceSource,
    lines: LineWriter<'a>,
}

impl<'a> Side<'a> {
    fn open(path: &std::path::Path, lines: LineWriter<'a>) -> Result<Self, String> {
        let source = TraceSource::open(path)?;
        Ok(Self { source, lines })
    }

    fn skip(&mut self, count: usize) -> Result<(), String> {
        for _ in 0..count {
            self.source.next_record()?;
        }
        Ok(())
    }

    /// Prints the next records after `sign`. The outer error is that of the file.
    fn print(
        &mut self,
        count: usize,
        sign: &str,
        out: &mut impl Write,
    ) -> Result<io::Result<()>, String> {
        let table = self.source.table().clone();
        for _ in 0..count {
            let Some(record) = self.source.next_record()? else {
                break;
            };
            if let Err(error) = self.lines.write_after(sign, &table, &record, out) {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }
}
