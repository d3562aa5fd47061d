use std::io::{self, BufRead, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use vpp_dynamic::Codec;

use super::api_socket::ApiSocket;
use crate::origin::{Origin, TIMEOUT, open_all};
use crate::stderr;
use crate::trace::{Replay, Session, Summary, TraceSource, count_requests};

/// Send the requests of an API trace to a running VPP, and report what it does differently.
///
/// Message numbers are mapped by name and CRC. The numbers of interfaces and other objects that
/// the trace creates are mapped to those that VPP gives now. The recorded replies tell the old
/// numbers. VPP's own traces have no replies to socket clients, so the numbers are predicted as
/// VPP gives them: interfaces from 1 (local0 is 0), other objects from 0, the last deleted one
/// first. A number that no creation in the trace explains is sent as it is and reported.
///
/// Requests are sent one after another; each is answered before the next. Those of the
/// connection itself, pings, VPP's messages to itself, and those that VPP answers outside of
/// frames are skipped, as are messages that VPP has with another CRC or not at all. Events are
/// not compared.
///
/// A request differs if its answers are not those of the trace, or, if the trace has none, if
/// VPP refuses it. The replay continues after a difference, because later requests often do not
/// depend on it; --stop ends it at the first one.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  vpp-bindgen trace-replay --dry-run /tmp/mytrace
  vpp-bindgen trace-replay --socket /run/vpp/api.sock --yes /tmp/mytrace
  vpp-bindgen trace-replay --api-dir /usr/share/vpp/api --stop /tmp/api_post_mortem.4711

Exit status:
  0  no request differs
  1  some requests differ
  2  error; a file that was cut off; the user did not confirm")]
pub(super) struct TraceReplay {
    #[command(flatten)]
    vpp: ApiSocket,
    /// A folder or file with definitions, a running VPP as unix:PATH, or `vendored`. Can be
    /// repeated. Defaults to the VPP at the socket, which has to be 24.06 or later.
    #[arg(long = "api-dir", value_name = "DIR")]
    inputs: Vec<Origin>,
    /// Print the requests that would be sent, and send none. VPP is asked only for its messages.
    #[arg(long)]
    dry_run: bool,
    /// Do not ask before sending. Without a terminal the program never asks.
    #[arg(long)]
    yes: bool,
    /// Stop at the first difference.
    #[arg(long)]
    stop: bool,
    /// The number of interfaces that VPP had when the recording began, local0 included.
    #[arg(long, value_name = "N", default_value_t = 1)]
    interfaces: u32,
    /// The trace. It is read twice, so it has to be a file.
    file: PathBuf,
}

impl TraceReplay {
    pub(super) fn run(&self) -> ExitCode {
        match self.replay() {
            Ok(summary) if summary.different == 0 => ExitCode::SUCCESS,
            Ok(_) => ExitCode::FAILURE,
            Err(error) => stderr::fail(error),
        }
    }

    fn replay(&self) -> Result<Summary, String> {
        let codec = self.codec()?;
        let (requests, has_answers) = count_requests(TraceSource::open(&self.file)?, &codec);
        let session = Session::connect(&self.vpp.socket, TIMEOUT)?;
        if !self.dry_run && !self.is_confirmed(requests)? {
            session.close();
            return Err("nothing was sent".to_owned());
        }
        let mut replay = Replay::new(&codec, session, has_answers, self.dry_run, self.interfaces);
        let mut out = BufWriter::new(io::stdout().lock());
        let mut source = TraceSource::open(&self.file)?;
        let table = source.table().clone();
        let result = loop {
            match source.next_record() {
                Ok(Some(record)) => {
                    if let Err(error) = replay.record(&table, &record, &mut out) {
                        break Err(format!("record {}: {error}", record.index));
                    }
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
            if self.stop && replay.summary.different > 0 {
                break Ok(());
            }
        };
        drop(out);
        for (kind, numbers) in replay.unexplained() {
            stderr::note(format_args!(
                "vpp-bindgen: warning: {kind} {}: no request of the trace creates it, sent \
                 unchanged",
                list(&numbers)
            ));
        }
        let summary = replay.close();
        self.print_summary(&summary);
        result.map(|()| summary)
    }

    fn codec(&self) -> Result<Codec, String> {
        let of_vpp = [Origin::Running(self.vpp.socket.clone())];
        let inputs = match &self.inputs[..] {
            [] => &of_vpp,
            inputs => inputs,
        };
        let opened = open_all(inputs).map_err(|error| error.to_string())?;
        Codec::new(opened).map_err(|error| error.to_string())
    }

    /// Asks on a terminal.
    fn is_confirmed(&self, requests: u64) -> Result<bool, String> {
        if self.yes || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Ok(true);
        }
        let socket = self.vpp.socket.display();
        let mut terminal = io::stderr();
        let asked = write!(
            terminal,
            "Send {requests} requests to the VPP at {socket}? [y/N] "
        );
        asked
            .and_then(|()| terminal.flush())
            .map_err(|error| error.to_string())?;
        let mut answer = String::new();
        io::stdin()
            .lock()
            .read_line(&mut answer)
            .map_err(|error| error.to_string())?;
        Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
    }

    fn print_summary(&self, summary: &Summary) {
        for (reason, count) in &summary.skipped {
            stderr::note(format_args!("skipped {count}: {reason}"));
        }
        let Summary {
            sent,
            refused,
            different,
            ..
        } = summary;
        let skipped: u64 = summary.skipped.values().sum();
        if self.dry_run {
            return stderr::note(format_args!(
                "would send {sent} requests, skip {skipped} records"
            ));
        }
        stderr::note(format_args!(
            "sent {sent} requests, skipped {skipped} records; {different} differ, {refused} refused"
        ));
        if let Some(first) = summary.first {
            stderr::note(format_args!("first difference: record {first}"));
        }
    }
}

/// The first numbers of a list.
fn list(numbers: &[u32]) -> String {
    let shown = numbers.iter().take(8).map(u32::to_string);
    let mut text = shown.collect::<Vec<_>>().join(", ");
    if numbers.len() > 8 {
        text.push_str(", …");
    }
    text
}
