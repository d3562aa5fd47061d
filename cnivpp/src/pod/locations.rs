//! Reads the files that the plugin wrote.

use std::path::PathBuf;

use super::options::Options;
use crate::files::Dir;
use crate::handover::{self, Problem, ReadOutcome, keep, read_annotations};

/// The folders and the file in which the plugin's configuration is searched.
pub(super) struct Locations {
    dirs: Vec<PathBuf>,
    annotations: PathBuf,
    verbose: bool,
}

impl Locations {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            dirs: options.dirs(),
            annotations: options.annotations.clone(),
            verbose: options.verbose,
        }
    }

    /// Reads all locations, and replaces pairs by the program's own record.
    pub(super) fn read(&self) -> ReadOutcome {
        let mut problems = Vec::new();
        let mut dirs = Vec::new();
        for path in &self.dirs {
            match Dir::open(path) {
                Ok(dir) => dirs.push(dir),
                // It may be created later, or is not used.
                Err(error) if error.is_missing() => {}
                Err(error) => problems.push(Problem {
                    path: path.clone(),
                    why: error.reason().to_string(),
                }),
            }
        }
        let mut outcome = handover::read(&dirs.iter().collect::<Vec<_>>());
        for found in &outcome.attachments {
            let Some(dir) = dirs.get(found.folder) else {
                continue;
            };
            // If the program may not write to the folder, the pair stays and is read again.
            if let Err(error) = keep(dir, found)
                && self.verbose
            {
                eprintln!("usrsp-app: {error}");
            }
        }
        read_annotations(&self.annotations, &mut outcome);
        outcome.problems.extend(problems);
        outcome
    }
}
