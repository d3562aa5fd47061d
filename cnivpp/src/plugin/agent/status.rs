use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use serde::Serialize;

use super::metrics::{Counts, Metrics};
use crate::attachment::{Id, Record};
use crate::plugin::restore::Outcome;

/// What the tasks of the agent have done.
#[derive(Debug, Default)]
pub(super) struct Status(Mutex<Content>);

/// The content of a [`Status`].
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) vpps: BTreeMap<PathBuf, Vpp>,
    /// The last outcome per attachment that still has a record.
    pub(super) outcomes: BTreeMap<(String, String), LastOutcome>,
    pub(super) metrics: Metrics,
}

/// The state of one VPP.
#[derive(Debug, Clone, Default)]
pub(super) struct Vpp {
    pub(super) is_up: bool,
    /// Why it is not connected; empty if it is.
    pub(super) why: String,
    /// Whether all attachments are restored in this run.
    pub(super) is_restored: bool,
    /// The attachments that could not be restored.
    pub(super) failed: u64,
}

/// The last outcome of an attachment.
#[derive(Debug, Clone, Serialize)]
pub(super) struct LastOutcome {
    /// `restored`, `kept`, `skipped` or `failed`.
    pub(super) outcome: &'static str,
    /// The reason of the last two.
    pub(super) reason: String,
}

impl Status {
    pub(super) fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn disconnected(&self, socket: &Path, why: &str) {
        let mut content = self.content();
        content.metrics.set_up(socket, false);
        let vpp = content.vpps.entry(socket.to_owned()).or_default();
        vpp.is_up = false;
        vpp.is_restored = false;
        vpp.why = why.to_owned();
    }

    /// Forgets a VPP that is no longer watched.
    pub(super) fn forget(&self, socket: &Path) {
        let mut content = self.content();
        content.vpps.remove(socket);
        content.metrics.forget(socket);
    }

    pub(super) fn connected(&self, socket: &Path, is_new_run: bool) {
        let mut content = self.content();
        content.metrics.set_up(socket, true);
        if is_new_run {
            content.metrics.new_run(socket);
        }
        let vpp = content.vpps.entry(socket.to_owned()).or_default();
        vpp.is_up = true;
        vpp.is_restored = false;
        vpp.why.clear();
    }

    pub(super) fn attachment(&self, id: &Id, outcome: &Outcome) {
        let key = (id.container_id.clone(), id.if_name.clone());
        let mut content = self.content();
        let (outcome, reason) = match outcome {
            Outcome::Restored(_) => ("restored", String::new()),
            Outcome::Kept(_) => ("kept", String::new()),
            Outcome::Skipped(why) => ("skipped", why.clone()),
            Outcome::Failed(error) => ("failed", error.to_string()),
            Outcome::Gone => {
                content.outcomes.remove(&key);
                return;
            }
        };
        content
            .outcomes
            .insert(key, LastOutcome { outcome, reason });
    }

    /// Notes the end of restoring all attachments of a VPP, or of as many as it answered for.
    pub(super) fn restored(&self, socket: &Path, counts: Counts, took: Duration, complete: bool) {
        let mut content = self.content();
        content.metrics.count(counts);
        let vpp = content.vpps.entry(socket.to_owned()).or_default();
        vpp.failed = counts.failed;
        vpp.is_restored = complete && counts.failed == 0;
        if vpp.is_restored {
            content.metrics.complete(socket, took, SystemTime::now());
        }
    }

    pub(super) fn swept(&self, removed: u64) {
        self.content().metrics.swept(removed);
    }
}

impl Content {
    /// Drops the outcomes of attachments without a record, so that they do not accumulate.
    pub(super) fn retain(&mut self, records: &[Record]) {
        let ids: HashSet<(&str, &str)> = records
            .iter()
            .map(|it| (it.id.container_id.as_str(), it.id.if_name.as_str()))
            .collect();
        self.outcomes
            .retain(|(id, name), _| ids.contains(&(id.as_str(), name.as_str())));
    }

    /// Returns why the agent is not ready: a VPP is down, or lacks attachments.
    pub(super) fn not_ready(&self) -> Vec<String> {
        let mut why = Vec::new();
        for (socket, vpp) in &self.vpps {
            let socket = socket.display();
            if !vpp.is_up {
                why.push(format!("VPP at {socket} is down: {}", vpp.why));
            } else if vpp.failed > 0 {
                why.push(format!("VPP at {socket} lacks {} attachments", vpp.failed));
            } else if !vpp.is_restored {
                why.push(format!("attachments of VPP at {socket} are being restored"));
            }
        }
        why
    }
}
