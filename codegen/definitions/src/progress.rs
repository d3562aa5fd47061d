//! How far the work is, for a program that shows it.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How far the work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// How many modules or files of this stage are done.
    pub done: usize,
    /// How many there are; 0 where that is not known, or where there is only one thing.
    pub total: usize,
}

/// A part of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// Reading the texts of definitions.
    Reading,
    /// Parsing definitions.
    Parsing,
    /// Compiling `.api` files.
    Compiling,
    /// Generating text: Rust, or definitions without prose.
    Formatting,
    /// Recomputing CRCs.
    Checking,
    /// Comparing two sets of definitions.
    Comparing,
    /// Waiting until another run has written to the same folder.
    Waiting,
    /// Writing files: from its first report, with none done, to the last, with all done,
    /// files are on their way.
    Writing,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reading => "reading",
            Self::Parsing => "parsing",
            Self::Compiling => "compiling",
            Self::Formatting => "formatting",
            Self::Checking => "checking",
            Self::Comparing => "comparing",
            Self::Waiting => "waiting for another run",
            Self::Writing => "writing",
        })
    }
}

/// One for the whole process, as a process has one terminal: so no function that does some
/// of the work has to hand it on.
static OBSERVER: OnceLock<fn(Progress)> = OnceLock::new();

/// Has `observer` called with every step of the work, from whichever thread does it; the
/// work waits for it. The first one that is given counts. Without one, nothing is reported.
pub fn observe(observer: fn(Progress)) {
    let _ = OBSERVER.set(observer);
}

/// Reports progress to the observer.
pub fn report(stage: Stage, done: usize, total: usize) {
    if let Some(observer) = OBSERVER.get() {
        observer(Progress { stage, done, total });
    }
}

/// Counts what is done, and reports it.
#[derive(Debug)]
pub(crate) struct Count {
    stage: Stage,
    done: AtomicUsize,
    total: usize,
}

impl Count {
    pub(crate) fn of(stage: Stage, total: usize) -> Self {
        if total > 0 {
            report(stage, 0, total);
        }
        let done = AtomicUsize::new(0);
        Self { stage, done, total }
    }

    pub(crate) fn all(&self) {
        report(self.stage, self.total, self.total);
    }

    pub(crate) fn one_more(&self) {
        let before = self.done.fetch_add(1, Ordering::Relaxed);
        report(self.stage, before + 1, self.total);
    }
}
