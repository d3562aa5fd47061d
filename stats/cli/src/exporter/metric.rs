//! Which metric an entry of the segment is.

use vpp_stats::{EntryType, Item, Value};

/// The type of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// A metric, and the labels that all series of an entry have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Metric {
    /// The name without the suffix for counters, and without `packets` or `bytes`.
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) help: String,
    pub(super) labels: Vec<(&'static str, String)>,
    /// The label for the index of a counter.
    pub(super) index_label: &'static str,
}

/// Prefixes of counters that are gauges: VPP 26.06 has a type for single gauges only.
const VECTORS_OF_GAUGES: [&str; 5] = [
    "/sys/vector_rate_per_worker",
    "/sys/loops_per_worker",
    "/mem/",
    "/nat44-ed/total-sessions",
    "/nat44-ei/total-sessions",
];

impl Metric {
    /// The metric of an entry. Entries that repeat others have none: `/interfaces/…` is `/if/…`,
    /// `/nodes/…` is `/sys/node/…`, and `/node/errors` is `/err/…`.
    pub(super) fn of(item: &Item) -> Option<Self> {
        let path = item.name.strip_prefix('/').unwrap_or(&item.name);
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        let kind = Self::kind(item)?;
        let new = |name: &str, labels: Vec<(&'static str, String)>, index_label| Self {
            name: format!("vpp_{}", sanitize(name)),
            kind,
            help: help(&item.name, &labels),
            labels,
            index_label,
        };
        match first {
            "interfaces" | "nodes" => None,
            "node" if rest == "errors" => None,
            "if" => Some(new(&format!("interface_{rest}"), vec![], "interface")),
            "sys" => match rest.strip_prefix("node/") {
                Some(rest) => Some(new(&format!("node_{rest}"), vec![], "node")),
                None => Some(new(system_name(rest), vec![], "thread")),
            },
            "err" => {
                let (node, error) = rest.split_once('/').unwrap_or(("", rest));
                let labels = vec![("node", node.to_owned()), ("error", error.to_owned())];
                Some(new("errors", labels, "index"))
            }
            "mem" => {
                // The vector of all numbers of a heap has links to each.
                let (heap, what) = rest.rsplit_once('/')?;
                let labels = vec![("heap", heap.to_owned())];
                Some(new(&format!("memory_{what}_bytes"), labels, "index"))
            }
            "buffer-pools" => {
                let (pool, what) = rest.rsplit_once('/')?;
                let labels = vec![("pool", pool.to_owned())];
                Some(new(&format!("buffers_{what}"), labels, "index"))
            }
            _ => Some(new(path, vec![], "index")),
        }
    }

    fn kind(item: &Item) -> Option<Kind> {
        match &item.value {
            Value::HistogramLog2(_) => Some(Kind::Histogram),
            Value::Scalar(_) | Value::Float(_) if item.name == "/sys/heartbeat" => {
                Some(Kind::Counter)
            }
            Value::Scalar(_) | Value::Gauge(_) | Value::Float(_) => Some(Kind::Gauge),
            Value::Simple(_) if VECTORS_OF_GAUGES.iter().any(|it| item.name.starts_with(it)) => {
                Some(Kind::Gauge)
            }
            Value::Simple(_) | Value::Combined(_) => Some(Kind::Counter),
            _ => None,
        }
    }

    /// Whether series are labelled with the names of indices.
    pub(super) fn has_named_index(&self, item: &Item) -> bool {
        item.entry_type != EntryType::Symlink && matches!(self.index_label, "interface" | "node")
    }
}

/// Times have their unit in the name. VPP counts them in whole seconds.
fn system_name(name: &str) -> &str {
    match name {
        "boottime" => "boot_timestamp_seconds",
        "last_update" => "last_update_uptime_seconds",
        "last_stats_clear" => "last_stats_clear_uptime_seconds",
        other => other,
    }
}

fn help(entry: &str, labels: &[(&'static str, String)]) -> String {
    let mut pattern = entry.to_owned();
    for (name, value) in labels {
        if !value.is_empty() {
            pattern = pattern.replacen(value.as_str(), &format!("<{name}>"), 1);
        }
    }
    format!("VPP's {pattern}")
}

/// Replaces what names of metrics must not contain.
fn sanitize(name: &str) -> String {
    let valid = |c: char| match c.is_ascii_alphanumeric() {
        true => c.to_ascii_lowercase(),
        false => '_',
    };
    name.chars().map(valid).collect()
}
