use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::Value;
use vpp_dynamic::Codec;

use crate::origin::{Origin, open_all};
use crate::stderr;
use crate::trace::{Script, TraceSource, count_requests};

/// Write a script for the simulator's tests from an API trace.
///
/// The script has one JSON object per line, the format of tests/sim/tests/recorded: a call or
/// dump with its arguments and, if the trace has the answer, the answer that is wanted. Numbers
/// of objects that the trace creates become `$STEP.FIELD`, the field in the reply to that step.
/// A step without a recorded answer is sent, and its answer is not compared.
///
/// Requests that a replay skips are skipped, and requests that are neither calls nor dumps.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  vpp-bindgen trace-to-sim --api-dir vendored mytrace > script.jsonl
  vpp-bindgen trace-to-sim --api-dir vendored --folder /tmp mytrace > script.jsonl

Exit status:
  0  success
  2  error; a file that was cut off")]
pub(super) struct TraceToSim {
    /// A folder or file with definitions, a running VPP as unix:PATH, or `vendored`. Can be
    /// repeated.
    #[arg(long = "api-dir", required = true, value_name = "DIR")]
    inputs: Vec<Origin>,
    /// Replace this folder in strings by @DIR@, for which the tests use a temporary folder.
    #[arg(long, value_name = "DIR")]
    folder: Option<String>,
    /// The number of interfaces that VPP had when the recording began, local0 included.
    #[arg(long, value_name = "N", default_value_t = 1)]
    interfaces: u32,
    /// The trace. It is read twice, so it has to be a file.
    file: PathBuf,
}

impl TraceToSim {
    pub(super) fn run(&self) -> ExitCode {
        let codec = match open_all(&self.inputs).and_then(|inputs| Ok(Codec::new(inputs)?)) {
            Ok(codec) => codec,
            Err(error) => return stderr::fail_to_load(error),
        };
        match self.write(&codec) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => stderr::fail(error),
        }
    }

    fn write(&self, codec: &Codec) -> Result<(), String> {
        let (_, has_answers) = count_requests(TraceSource::open(&self.file)?, codec);
        let mut source = TraceSource::open(&self.file)?;
        let table = source.table().clone();
        let mut script = Script::new(codec, has_answers, self.interfaces);
        let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        let cut = loop {
            match source.next_record() {
                Ok(Some(record)) => {
                    let steps = script.record(&table, &record);
                    if !self.print(steps, &mut out)? {
                        return Ok(());
                    }
                }
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        for (reason, count) in &script.skipped {
            stderr::note(format_args!("skipped {count}: {reason}"));
        }
        self.print(script.finish(), &mut out)?;
        cut.map_or(Ok(()), Err)
    }

    /// Prints steps. Returns false if the reader has closed the pipe.
    fn print(&self, steps: Vec<Value>, out: &mut impl Write) -> Result<bool, String> {
        for mut step in steps {
            if let Some(folder) = &self.folder {
                replace(&mut step, folder);
            }
            let written = writeln!(out, "{step}");
            match written.and_then(|()| out.flush()) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(false),
                Err(error) => return Err(error.to_string()),
            }
        }
        Ok(true)
    }
}

fn replace(value: &mut Value, folder: &str) {
    match value {
        Value::String(text) => {
            if let Some(rest) = text.strip_prefix(folder)
                && (rest.is_empty() || rest.starts_with('/'))
            {
                *text = format!("@DIR@{rest}");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, folder)),
        Value::Object(fields) => fields.values_mut().for_each(|value| replace(value, folder)),
        _ => {}
    }
}
