//! Reads what the plugin has written, and waits for it.

use std::path::PathBuf;

use super::options::Options;
use crate::files::Dir;
use crate::handover::{self, Found, Problem, keep, read_annotations};

/// Where the plugin's configuration is looked for.
pub(super) struct Source {
    dirs: Vec<PathBuf>,
    annotations: PathBuf,
    verbose: bool,
}

impl Source {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            dirs: options.dirs(),
            annotations: options.annotations.clone(),
            verbose: options.verbose,
        }
    }

    /// Reads all, and moves pairs to the program's own record.
    pub(super) fn read(&self) -> Found {
        let mut problems = Vec::new();
        let mut dirs = Vec::new();
        for path in &self.dirs {
            match Dir::open(path) {
                Ok(dir) => dirs.push(dir),
                // The folder of a later attachment, or one that is not used.
                Err(error) if error.is_missing() => {}
                Err(error) => problems.push(Problem {
                    path: path.clone(),
                    why: error.reason().to_string(),
                }),
            }
        }
        let mut found = handover::read(&dirs.iter().collect::<Vec<_>>());
        for sourced in &found.attachments {
            let Some(dir) = dirs.get(sourced.folder) else {
                continue;
            };
            // A folder that this program may not write: the pair stays, and is read again.
            if let Err(error) = keep(dir, sourced)
                && self.verbose
            {
                eprintln!("usrsp-app: {error}");
            }
        }
        read_annotations(&self.annotations, &mut found);
        found.problems.extend(problems);
        found
    }
}
