//! Files as they were read, each once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::diagnostic::Fault;
use super::rule::Rule;
use super::source::Source;
use super::syntax;
use super::syntax::ast::Item;

/// A file, parsed.
#[derive(Debug)]
pub struct Parsed {
    pub source: Arc<Source>,
    pub items: Vec<Item>,
    pub faults: Vec<Fault>,
}

impl Parsed {
    fn read(path: &Path) -> std::io::Result<Self> {
        let (source, bad) = Source::decode(path, std::fs::read(path)?);
        let (items, faults) = match bad {
            None => syntax::parse(&source),
            Some(span) => {
                let message = "the file is not UTF-8 from here on";
                (Vec::new(), vec![Fault::new(Rule::Encoding, span, message)])
            }
        };
        Ok(Self {
            source: Arc::new(source),
            items,
            faults,
        })
    }
}

/// All files that a run has read, for whoever imports them.
#[derive(Debug, Default)]
pub struct Files(Mutex<HashMap<PathBuf, Arc<Parsed>>>);

impl Files {
    pub fn get(&self, path: &Path) -> std::io::Result<Arc<Parsed>> {
        if let Some(known) = self.lock().get(path) {
            return Ok(Arc::clone(known));
        }
        // Two workers may read one file at once; the later result is dropped.
        let parsed = Arc::new(Parsed::read(path)?);
        let mut files = self.lock();
        Ok(Arc::clone(files.entry(path.into()).or_insert(parsed)))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, Arc<Parsed>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
