//! Progress reports for a program that shows them.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The progress of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The stage.
    pub stage: Stage,
    /// The number of modules or files that are done.
    pub done: usize,
    /// The number of modules or files of the stage; 0 if it is unknown or does not apply.
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
    /// Generating text: Rust, or definitions without comments.
    Formatting,
    /// Recomputing CRCs.
    Checking,
    /// Comparing two sets of definitions.
    Comparing,
    /// Waiting until another run has written to the same folder.
    Waiting,
    /// Writing files. The first report has none done, the last has all done; files change only
    /// between these two.
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

/// The observer of the process. It is global because a process has one terminal, and because
/// no function then has to pass it on.
static OBSERVER: OnceLock<fn(Progress)> = OnceLock::new();

/// Sets the function that receives all progress reports of the process.
///
/// The thread that does the work calls it and waits until it returns. Later calls have no
/// effect.
pub fn observe(observer: fn(Progress)) {
    let _ = OBSERVER.set(observer);
}

/// Reports progress to the observer.
pub fn report(stage: Stage, done: usize, total: usize) {
    if let Some(observer) = OBSERVER.get() {
        observer(Progress { stage, done, total });
    }
}

/// Counts the items that are done, and reports each.
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

    pub(crate) fn finish(&self) {
        report(self.stage, self.total, self.total);
    }

    pub(crate) fn increment(&self) {
        let before = self.done.fetch_add(1, Ordering::Relaxed);
        report(self.stage, before + 1, self.total);
    }
}
