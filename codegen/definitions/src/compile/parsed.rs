//! Parsed files, each read once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::diagnostic::Fault;
use super::installed::{self, Installed};
use super::rule::Rule;
use super::source::Source;
use super::syntax;
use super::syntax::ast::Item;

/// A parsed file.
#[derive(Debug)]
pub struct Parsed {
    pub source: Arc<Source>,
    pub items: Vec<Item>,
    pub faults: Vec<Fault>,
    /// The comments of types, if the file is VPP's JSON. Such a file was checked when VPP
    /// compiled it.
    pub installed: Option<TypeComments>,
}

/// The comments of types, by their index among the items.
pub type TypeComments = HashMap<usize, String>;

impl Parsed {
    fn read(path: &Path) -> std::io::Result<Self> {
        let (source, bad) = Source::decode(path, std::fs::read(path)?);
        let (items, faults) = match bad {
            None => syntax::parse(&source),
            Some(span) => {
                let fault = Fault::new(Rule::Encoding, span, NOT_UTF_8);
                (Vec::new(), vec![fault])
            }
        };
        Ok(Self {
            source: Arc::new(source),
            items,
            faults,
            installed: None,
        })
    }

    fn read_installed(path: &Path) -> std::io::Result<Self> {
        let (source, bad) = Source::decode(path, std::fs::read(path)?);
        let parsed = match bad {
            None => installed::parse(&source),
            Some(span) => Err(Fault::new(Rule::Encoding, span, NOT_UTF_8)),
        };
        let (installed, faults) = match parsed {
            Ok(installed) => (installed, Vec::new()),
            Err(fault) => (Installed::default(), vec![fault]),
        };
        Ok(Self {
            source: Arc::new(source),
            items: installed.items,
            faults,
            installed: Some(installed.comments),
        })
    }
}

const NOT_UTF_8: &str = "the file is not UTF-8 from here on";

/// All files that a run has read.
#[derive(Debug, Default)]
pub struct ParsedFiles(Mutex<HashMap<PathBuf, Arc<Parsed>>>);

impl ParsedFiles {
    /// The source at `path`.
    pub fn get(&self, path: &Path) -> std::io::Result<Arc<Parsed>> {
        self.once(path, Parsed::read)
    }

    /// VPP's JSON at `path`.
    pub fn installed(&self, path: &Path) -> std::io::Result<Arc<Parsed>> {
        self.once(path, Parsed::read_installed)
    }

    fn once(
        &self,
        path: &Path,
        read: fn(&Path) -> std::io::Result<Parsed>,
    ) -> std::io::Result<Arc<Parsed>> {
        if let Some(known) = self.lock().get(path) {
            return Ok(Arc::clone(known));
        }
        // Two workers may read the same file at the same time. The later result is dropped.
        let parsed = Arc::new(read(path)?);
        let mut files = self.lock();
        Ok(Arc::clone(files.entry(path.into()).or_insert(parsed)))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, Arc<Parsed>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
