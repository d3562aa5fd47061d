use super::read_pattern;
use crate::error::Result;
use crate::query::{Item, Query};
use crate::stats::Stats;

/// How often an error of a node happened (`/err/NODE/ERROR`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ErrorCounter<'a> {
    /// The node. A `/` in its name is `_` here.
    pub node: &'a str,
    /// The description of the error.
    pub error: &'a str,
    /// The sum of all threads.
    pub count: u64,
}

/// A view of the errors. VPP has thousands, most of which never happen.
#[derive(Debug)]
pub struct Errors {
    query: Option<Query>,
}

impl Default for Errors {
    fn default() -> Self {
        Self::new()
    }
}

impl Errors {
    /// Prepares the view.
    #[must_use]
    pub fn new() -> Self {
        Self { query: None }
    }

    /// Reads the errors in the order of VPP's directory. The values of all threads are in
    /// `/err/…` of a [`Query`].
    ///
    /// # Errors
    ///
    /// As [`Stats::read`].
    pub fn read(&mut self, stats: &mut Stats) -> Result<impl Iterator<Item = ErrorCounter<'_>>> {
        let query = read_pattern(&mut self.query, "^/err/", stats)?;
        Ok(query.items().iter().filter_map(counter))
    }
}

fn counter(item: &Item) -> Option<ErrorCounter<'_>> {
    let (node, error) = item.name.strip_prefix("/err/")?.split_once('/')?;
    Some(ErrorCounter {
        node,
        error,
        count: item.value.as_simple()?.total(),
    })
}
