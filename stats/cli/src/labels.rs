use vpp_stats::{Error, Item, Names, Selection, Value};

/// The names of the indices of counters.
#[derive(Debug, Default)]
pub(crate) struct Labels<'a> {
    interfaces: Option<&'a Names>,
    nodes: Option<&'a Names>,
}

/// What the index of a counter means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IndexKind {
    /// `sw_if_index`
    Interface,
    /// The index of a node of the graph.
    Node,
    /// Something else.
    Other,
}

/// A selection that includes the names of indices.
pub(crate) struct WithLabels {
    /// All that has to be read.
    pub(crate) all: Selection,
    /// What the user asked for.
    pub(crate) wanted: Selection,
}

const INTERFACES: &str = "/if/names";
const NODES: &str = "/sys/node/names";

impl<'a> Labels<'a> {
    /// The entries that contain the names.
    pub(crate) const NAMES: [&'static str; 2] = [INTERFACES, NODES];

    /// Selects entries by patterns, and the names of their indices.
    pub(crate) fn with(patterns: &[String]) -> Result<WithLabels, Error> {
        let wanted = Selection::patterns(patterns)?;
        let all = match patterns {
            [] => Selection::all(),
            patterns => {
                let own = ["^/if/names$", "^/sys/node/names$"];
                Selection::patterns(patterns.iter().map(String::as_str).chain(own))?
            }
        };
        Ok(WithLabels { all, wanted })
    }

    pub(crate) fn of(items: &'a [Item]) -> Self {
        let names = |name: &str| {
            let item = items.iter().find(|it| it.name == name)?;
            item.value.as_names()
        };
        Self {
            interfaces: names(INTERFACES),
            nodes: names(NODES),
        }
    }

    /// Whether names of interfaces are known.
    pub(crate) fn has_interfaces(&self) -> bool {
        self.interfaces.is_some()
    }

    /// The name of an index. An unused index, or that of a deleted interface, has none.
    pub(crate) fn get(&self, kind: IndexKind, index: usize) -> Option<&'a str> {
        /// VPP's name of a deleted interface (`vnet/interface/stats.c`).
        const DELETED: &str = "deleted";
        match kind {
            IndexKind::Interface => self.interfaces?.get(index).filter(|it| *it != DELETED),
            IndexKind::Node => self.nodes?.get(index),
            IndexKind::Other => None,
        }
    }
}

impl IndexKind {
    /// The kind of the indices of an entry.
    pub(crate) fn of(item: &Item) -> Self {
        let has_rows = matches!(&item.value, Value::Simple(_) | Value::Combined(_));
        match has_rows && item.entry_type != vpp_stats::EntryType::Symlink {
            true if item.name.starts_with("/if/") => Self::Interface,
            true if item.name.starts_with("/net/arp/") => Self::Interface,
            true if item.name.starts_with("/net/ip6-nd/") => Self::Interface,
            true if item.name.starts_with("/sys/node/") => Self::Node,
            _ => Self::Other,
        }
    }
}
