//! What is told: text while it happens, or one JSON document at the end.

use std::io::{self, Write};

use cnivpp::api::infra::Vpp;
use cnivpp::engine::{Event, Happened, Observer};
use serde::Serialize;

use crate::failure::Failure;
use crate::show::Holdings;
use crate::status::Status;

/// Everything that is told of one run.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    #[serde(skip)]
    json: bool,
    program: &'static str,
    /// The name of this run: the tag of what it creates.
    run: String,
    socket: String,
    simulator: bool,
    vpp: Option<VppFacts>,
    steps: Vec<Step>,
    before: Option<Holdings>,
    during: Option<Holdings>,
    after: Option<Holdings>,
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

/// One thing that was done, or not.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Step {
    /// Whether it took something back.
    pub undo: bool,
    /// What was done.
    pub text: String,
    /// The interface that it was done to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sw_if_index: Option<u32>,
    /// The number of the memif socket or bridge domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u32>,
    /// Why it was not done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Which moment a list of holdings shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Before the first step.
    Before,
    /// After the last step.
    During,
    /// After everything was taken back.
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

    /// Tells where the program is connected.
    pub fn connected(&mut self, socket: &str, simulator: bool, vpp: Vpp) {
        let what = if simulator { "simulated VPP" } else { "VPP" };
        self.say(&format!(
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

    /// Shows what VPP holds.
    pub fn show(&mut self, moment: Moment, holdings: Holdings) {
        let (title, place) = match moment {
            Moment::Before => ("before", &mut self.before),
            Moment::During => ("now", &mut self.during),
            Moment::After => ("after", &mut self.after),
        };
        if !self.json {
            let mut text = format!("{title}:\n").into_bytes();
            // A vector takes all.
            let _ = holdings.write(&mut text);
            print(&text);
        }
        *place = Some(holdings);
    }

    /// Tells something that is not kept; on stderr where stdout is for the document.
    pub fn say(&self, text: &str) {
        let text = format!("{text}\n");
        if self.json {
            let _ = io::stderr().lock().write_all(text.as_bytes());
        } else {
            print(text.as_bytes());
        }
    }

    /// Whether something could not be taken back.
    #[must_use]
    pub fn has_left_behind(&self) -> bool {
        !self.left_behind.is_empty()
    }

    /// The last word, and the status to end with.
    #[must_use]
    pub fn finish(mut self, result: Result<(), Failure>) -> Status {
        let mut status = result
            .as_ref()
            .map_or_else(|it| it.status, |()| Status::Done);
        let mut words = Vec::new();
        if let Err(failure) = result {
            words.push(format!("{}: {failure}", self.program));
            self.error = Some(failure.text);
        }
        if self.has_left_behind() {
            status = Status::LeftBehind;
            let left = self.left_behind.iter();
            words.extend(left.map(|it| format!("{}: left behind: {it}", self.program)));
        }
        self.status = status as u8;
        for word in words {
            // Without stderr there is nobody to tell.
            let _ = writeln!(io::stderr().lock(), "{word}");
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
                self.say(&format!("  {} is present already, and stays", it.text));
                return;
            }
            Event::LeftBehind(text) => {
                self.left_behind.push(text);
                return;
            }
            Event::Done(it) => {
                self.say(&format!("+ {}", it.text));
                (false, it)
            }
            // It ends the job, and is printed as the reason of that.
            Event::Failed(it) => (false, it),
            Event::Undone(it) => {
                self.say(&format!("- {}", it.text));
                (true, it)
            }
            Event::UndoFailed(it) => {
                let error = it.error.as_deref().unwrap_or_default();
                self.say(&format!("! {}: {error}", it.text));
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

/// Writes at once; a reader that is gone is no reason to leave anything behind in VPP.
fn print(text: &[u8]) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text).and_then(|()| out.flush());
}
