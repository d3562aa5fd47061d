use super::sum;
use crate::error::Result;
use crate::query::Query;
use crate::selection::Selection;
use crate::stats::Stats;
use crate::value::Value;

/// The counters of a node of the packet graph, summed over all threads (`/sys/node/…`). VPP counts
/// nodes only with `statseg { per-node-counters on }`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Node {
    /// The index of the node.
    pub index: u32,
    /// The name.
    pub name: String,
    /// How often the node ran.
    pub calls: u64,
    /// The packets that the node handled.
    pub vectors: u64,
    /// The processor clocks that the node used.
    pub clocks: u64,
    /// How often the process of the node was suspended.
    pub suspends: u64,
}

/// A view of the nodes.
#[derive(Debug)]
pub struct Nodes {
    query: Query,
    rows: Vec<Node>,
}

impl Default for Nodes {
    fn default() -> Self {
        Self::new()
    }
}

impl Nodes {
    /// Prepares the view.
    #[must_use]
    pub fn new() -> Self {
        let entries = ["names", "calls", "vectors", "clocks", "suspends"];
        let entries = entries.map(|it| format!("/sys/node/{it}"));
        Self {
            query: Query::new(Selection::names(entries)),
            rows: Vec::new(),
        }
    }

    /// Reads the nodes in the order of their indices.
    ///
    /// # Errors
    ///
    /// As [`Stats::read`], and [`Error::Busy`](crate::Error::Busy) if VPP changes its directory
    /// faster than it can be read.
    pub fn read(&mut self, stats: &mut Stats) -> Result<&[Node]> {
        stats.read_consistent(&mut self.query)?;
        let items = self.query.items();
        let value = |entry: usize| items.get(entry).map_or(&Value::Missing, |it| &it.value);
        let names = value(0).as_names();
        let mut len = 0;
        for (index, name) in names.into_iter().flat_map(|it| it.iter()).enumerate() {
            let Some(name) = name else { continue };
            if len == self.rows.len() {
                self.rows.push(Node::default());
            }
            let row = &mut self.rows[len];
            len += 1;
            row.index = u32::try_from(index).unwrap_or(u32::MAX);
            row.name.clear();
            row.name.push_str(name);
            row.calls = sum(value(1), index);
            row.vectors = sum(value(2), index);
            row.clocks = sum(value(3), index);
            row.suspends = sum(value(4), index);
        }
        self.rows.truncate(len);
        Ok(&self.rows)
    }
}
