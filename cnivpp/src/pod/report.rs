//! What is printed.

use std::io::{self, Write};

use serde::Serialize;

use crate::handover::{Attachment, Problem};

/// What became of one interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outcome {
    pub(super) if_name: String,
    pub(super) container_id: String,
    pub(super) network: String,
    pub(super) state: State,
    /// VPP's number for the interface.
    pub(super) sw_if_index: Option<u32>,
    /// What was done.
    pub(super) changes: Vec<String>,
    /// What was present already.
    #[serde(skip)]
    pub(super) present: Vec<String>,
    /// What has to wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<String>,
}

/// How an interface is after a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// Something of it was missing, and was done.
    Configured,
    /// Everything was present.
    Unchanged,
    /// Something of it is missing.
    Failed,
}

impl Outcome {
    /// An interface of which nothing is known yet.
    pub(super) fn of(attachment: &Attachment) -> Self {
        Self {
            if_name: attachment.if_name.clone(),
            container_id: attachment.container_id.clone(),
            network: attachment.network.clone(),
            state: State::Failed,
            sw_if_index: None,
            changes: Vec::new(),
            present: Vec::new(),
            note: None,
            error: None,
        }
    }

    /// An interface that cannot be configured.
    pub(super) fn refused(attachment: &Attachment, why: &str) -> Self {
        Self {
            error: Some(why.to_owned()),
            ..Self::of(attachment)
        }
    }
}

/// What a run has found and done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) interfaces: Vec<Outcome>,
    pub(super) problems: Vec<Problem>,
}

impl Report {
    /// Whether every interface is configured and every file was read.
    pub(super) fn is_success(&self) -> bool {
        let is_configured = |it: &Outcome| it.state != State::Failed;
        self.problems.is_empty() && self.interfaces.iter().all(is_configured)
    }

    /// Whether something was done.
    pub(super) fn has_changes(&self) -> bool {
        self.interfaces.iter().any(|it| !it.changes.is_empty())
    }

    /// One JSON document on one line.
    fn json(&self) -> serde_json::Value {
        let problem = |it: &Problem| {
            let path = it.path.to_string_lossy();
            serde_json::json!({ "path": path, "why": it.why })
        };
        let problems: Vec<_> = self.problems.iter().map(problem).collect();
        serde_json::json!({ "interfaces": self.interfaces, "problems": problems })
    }

    /// Prints the results on stdout, and errors on stderr.
    pub(super) fn print(&self, json: bool, verbose: bool) {
        // A reader that has closed its end must not fail the run.
        let (mut out, mut err) = (io::stdout().lock(), io::stderr().lock());
        for outcome in &self.interfaces {
            let name = outcome.if_name.escape_debug();
            let present = outcome.present.iter().filter(|_| verbose);
            for text in present {
                let _ = writeln!(err, "usrsp-app: {name}: present: {text}");
            }
            for text in outcome.note.iter().chain(&outcome.error) {
                let _ = writeln!(err, "usrsp-app: {name}: {text}");
            }
        }
        for problem in &self.problems {
            let _ = writeln!(err, "usrsp-app: {problem}");
        }
        if json {
            let _ = writeln!(out, "{}", self.json());
        } else {
            for outcome in &self.interfaces {
                let _ = write_text(&mut out, outcome);
            }
        }
        let _ = out.flush();
    }
}

fn write_text(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let state = match outcome.state {
        State::Configured => "configured",
        State::Unchanged => "unchanged",
        State::Failed => "not configured",
    };
    let name = outcome.if_name.escape_debug();
    write!(out, "{name}: {state}")?;
    if let Some(index) = outcome.sw_if_index {
        write!(out, ", interface {index}")?;
    }
    writeln!(out)?;
    for change in &outcome.changes {
        writeln!(out, "    {change}")?;
    }
    Ok(())
}
