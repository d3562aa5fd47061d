//! The output of a run: text during the run, or one JSON document at the end.

use std::io::{self, Write};

use cnivpp::api::infra::Vpp;
use cnivpp::engine::{Event, Happened, Observer};
use serde::Serialize;

use crate::failure::{Failure, Status};
use crate::objects::Objects;

/// The output of one run.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    #[serde(skip)]
    json: bool,
    program: &'static str,
    /// The name of the run: the tag of everything that it creates.
    run: String,
    socket: String,
    simulator: bool,
    vpp: Option<VppFacts>,
    steps: Vec<Step>,
    before: Option<Objects>,
    during: Option<Objects>,
    after: Option<Objects>,
    left_behind: Vec<String>,
    error: Option<String>,
    status: u8,
}

#[derive(Debug, Serialize)]
struct VppFacts {
    version: String,
    build_date: String,
    process_id: u32,
}

/// A step that was done or has failed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Step {
    /// Whether it removed something.
    pub undo: bool,
    /// What was done.
    pub text: String,
    /// The interface that it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sw_if_index: Option<u32>,
    /// The ID of the memif socket or bridge domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u32>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// The moment of a list of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Before the first step.
    Before,
    /// After the last step.
    During,
    /// After everything was removed.
    After,
}

impl Report {
    /// An empty report.
    #[must_use]
    pub fn new(program: &'static str, run: &str, json: bool) -> Self {
        Self {
            json,
            program,
            run: run.to_owned(),
            ..Self::default()
        }
    }

    /// Reports the connection.
    pub fn connected(&mut self, socket: &str, simulator: bool, vpp: Vpp) {
        let what = if simulator { "simulated VPP" } else { "VPP" };
        self.print_line(&format!(
            "{} on {what} {} (process {}) at {socket}",
            self.run, vpp.version, vpp.process_id
        ));
        socket.clone_into(&mut self.socket);
        self.simulator = simulator;
        self.vpp = Some(VppFacts {
            version: vpp.version,
            build_date: vpp.build_date,
            process_id: vpp.process_id,
        });
    }

    /// Prints the objects on VPP, and keeps them for the JSON document.
    pub fn show(&mut self, moment: Moment, objects: Objects) {
        let (title, kept) = match moment {
            Moment::Before => ("before", &mut self.before),
            Moment::During => ("now", &mut self.during),
            Moment::After => ("after", &mut self.after),
        };
        if !self.json {
            let mut text = format!("{title}:\n").into_bytes();
            // Writing to a `Vec` is infallible.
            let _ = objects.write(&mut text);
            print(&text);
        }
        *kept = Some(objects);
    }

    /// Prints a line: on stderr if stdout is for the JSON document.
    pub fn print_line(&self, text: &str) {
        let text = format!("{text}\n");
        if self.json {
            let _ = io::stderr().lock().write_all(text.as_bytes());
        } else {
            print(text.as_bytes());
        }
    }

    /// Whether something could not be removed.
    #[must_use]
    pub fn has_left_behind(&self) -> bool {
        !self.left_behind.is_empty()
    }

    /// Prints the errors and the JSON document, and returns the exit status.
    #[must_use]
    pub fn finish(mut self, result: Result<(), Failure>) -> Status {
        let mut status = result
            .as_ref()
            .map_or_else(|it| it.status, |()| Status::Done);
        let mut lines = Vec::new();
        if let Err(failure) = result {
            lines.push(format!("{}: {failure}", self.program));
            self.error = Some(failure.text);
        }
        if self.has_left_behind() {
            status = Status::LeftBehind;
            let left = self.left_behind.iter();
            lines.extend(left.map(|it| format!("{}: left behind: {it}", self.program)));
        }
        self.status = status as u8;
        for line in lines {
            // An error cannot be reported if stderr is closed.
            let _ = writeln!(io::stderr().lock(), "{line}");
        }
        if self.json
            && let Ok(mut text) = serde_json::to_vec_pretty(&self)
        {
            text.push(b'\n');
            print(&text);
        }
        status
    }
}

impl Observer for Report {
    fn event(&mut self, event: Event) {
        let (undo, happened) = match event {
            Event::Kept(it) => {
                self.print_line(&format!("  {} is already present, and stays", it.text));
                return;
            }
            Event::LeftBehind(text) => {
                self.left_behind.push(text);
                return;
            }
            Event::Done(it) => {
                self.print_line(&format!("+ {}", it.text));
                (false, it)
            }
            // It ends the job, and is printed at the end.
            Event::Failed(it) => (false, it),
            Event::Undone(it) => {
                self.print_line(&format!("- {}", it.text));
                (true, it)
            }
            Event::UndoFailed(it) => {
                let error = it.error.as_deref().unwrap_or_default();
                self.print_line(&format!("! {}: {error}", it.text));
                (true, it)
            }
        };
        self.steps.push(Step::new(undo, happened));
    }
}

impl Step {
    fn new(undo: bool, it: Happened) -> Self {
        Self {
            undo,
            text: it.text,
            sw_if_index: it.sw_if_index,
            id: it.id,
            error: it.error,
        }
    }
}

/// Writes and flushes. Ignores errors: a closed stdout must not prevent the removal.
fn print(text: &[u8]) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text).and_then(|()| out.flush());
}
