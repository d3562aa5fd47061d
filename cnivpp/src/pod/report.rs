//! The report that the program prints.

use std::io::{self, Write};

use serde::Serialize;

use crate::handover::{Attachment, Problem};

/// The outcome for one interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InterfaceReport {
    pub(super) if_name: String,
    pub(super) container_id: String,
    pub(super) network: String,
    pub(super) state: InterfaceState,
    /// VPP's number for the interface.
    pub(super) sw_if_index: Option<u32>,
    /// What was changed.
    pub(super) changes: Vec<String>,
    /// What already existed.
    #[serde(skip)]
    pub(super) present: Vec<String>,
    /// What could not be done yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<String>,
}

/// The state of an interface after a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum InterfaceState {
    /// Something was missing and was created.
    Configured,
    /// Nothing was missing.
    Unchanged,
    /// Something is missing.
    Failed,
}

impl InterfaceReport {
    /// A report for an interface that was not examined.
    pub(super) fn of(attachment: &Attachment) -> Self {
        Self {
            if_name: attachment.if_name.clone(),
            container_id: attachment.container_id.clone(),
            network: attachment.network.clone(),
            state: InterfaceState::Failed,
            sw_if_index: None,
            changes: Vec::new(),
            present: Vec::new(),
            note: None,
            error: None,
        }
    }

    /// A report for an interface that cannot be configured.
    pub(super) fn failed(attachment: &Attachment, why: &str) -> Self {
        Self {
            error: Some(why.to_owned()),
            ..Self::of(attachment)
        }
    }
}

/// The outcome of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) interfaces: Vec<InterfaceReport>,
    pub(super) problems: Vec<Problem>,
}

impl Report {
    /// Whether every interface is configured and every file was read.
    pub(super) fn is_success(&self) -> bool {
        let is_configured = |it: &InterfaceReport| it.state != InterfaceState::Failed;
        self.problems.is_empty() && self.interfaces.iter().all(is_configured)
    }

    /// Whether anything was changed.
    pub(super) fn has_changes(&self) -> bool {
        self.interfaces.iter().any(|it| !it.changes.is_empty())
    }

    /// Returns the report as JSON.
    fn to_json(&self) -> serde_json::Value {
        let problem = |it: &Problem| {
            let path = it.path.to_string_lossy();
            serde_json::json!({ "path": path, "why": it.why })
        };
        let problems: Vec<_> = self.problems.iter().map(problem).collect();
        serde_json::json!({ "interfaces": self.interfaces, "problems": problems })
    }

    /// Prints the results on stdout, and errors on stderr.
    pub(super) fn print(&self, json: bool, verbose: bool) {
        // A reader that closed its end must not fail the run.
        let (mut out, mut err) = (io::stdout().lock(), io::stderr().lock());
        for interface in &self.interfaces {
            let name = interface.if_name.escape_debug();
            let present = interface.present.iter().filter(|_| verbose);
            for text in present {
                let _ = writeln!(err, "usrsp-app: {name}: present: {text}");
            }
            for text in interface.note.iter().chain(&interface.error) {
                let _ = writeln!(err, "usrsp-app: {name}: {text}");
            }
        }
        for problem in &self.problems {
            let _ = writeln!(err, "usrsp-app: {problem}");
        }
        if json {
            let _ = writeln!(out, "{}", self.to_json());
        } else {
            for interface in &self.interfaces {
                let _ = write_text(&mut out, interface);
            }
        }
        let _ = out.flush();
    }
}

fn write_text(out: &mut impl Write, interface: &InterfaceReport) -> io::Result<()> {
    let state = match interface.state {
        InterfaceState::Configured => "configured",
        InterfaceState::Unchanged => "unchanged",
        InterfaceState::Failed => "not configured",
    };
    let name = interface.if_name.escape_debug();
    write!(out, "{name}: {state}")?;
    if let Some(index) = interface.sw_if_index {
        write!(out, ", interface {index}")?;
    }
    writeln!(out)?;
    for change in &interface.changes {
        writeln!(out, "    {change}")?;
    }
    Ok(())
}
