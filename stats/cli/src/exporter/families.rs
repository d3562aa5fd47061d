//! Metrics as text, grouped by name as both formats require.

use std::collections::{BTreeMap, HashSet};
use std::fmt::{self, Display, Write};

use super::metric::Kind;

/// A text format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Prometheus text, version 0.0.4.
    Prometheus,
    /// `OpenMetrics` text, version 1.0.0.
    OpenMetrics,
}

impl Style {
    /// The media type of the format.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// All metrics of one scrape.
#[derive(Debug, Default)]
pub(super) struct Families {
    families: BTreeMap<String, Family>,
    /// Series that were left out: above the limit of a family, with the labels of another one, or
    /// of another type than their family.
    pub(super) dropped: u64,
    limit: usize,
}

#[derive(Debug)]
struct Family {
    kind: Kind,
    help: String,
    samples: String,
    labels: HashSet<String>,
}

/// The labels of a series, as text between braces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Labels(String);

impl Labels {
    pub(super) fn push(&mut self, name: &str, value: &str) {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        self.0.push_str(name);
        self.0.push_str("=\"");
        for c in value.chars() {
            match c {
                '\\' => self.0.push_str("\\\\"),
                '"' => self.0.push_str("\\\""),
                '\n' => self.0.push_str("\\n"),
                other => self.0.push(other),
            }
        }
        self.0.push('"');
    }
}

impl Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.is_empty() {
            true => Ok(()),
            false => write!(f, "{{{}}}", self.0),
        }
    }
}

impl Families {
    /// `limit` is the most series of one metric.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    pub(super) fn add(
        &mut self,
        name: &str,
        kind: Kind,
        help: &str,
        labels: &Labels,
        value: impl Display,
    ) {
        let suffix = match kind {
            Kind::Counter => "_total",
            Kind::Gauge | Kind::Histogram => "",
        };
        if let Some(family) = self.series(name, kind, help, labels) {
            // Writing to a `String` is infallible.
            let _ = writeln!(family.samples, "{name}{suffix}{labels} {value}");
        }
    }

    /// Adds a histogram: its bins with upper bounds and cumulative counts, and an estimate of the
    /// sum of all values.
    pub(super) fn add_histogram(
        &mut self,
        name: &str,
        help: &str,
        labels: &Labels,
        bins: &[(u64, u64)],
        sum: u64,
    ) {
        let Some(family) = self.series(name, Kind::Histogram, help, labels) else {
            return;
        };
        let count = bins.last().map_or(0, |it| it.1);
        let bounds = bins
            .iter()
            .map(|(bound, count)| (bound.to_string(), *count));
        for (bound, count) in bounds.chain([("+Inf".to_owned(), count)]) {
            let mut labels = labels.clone();
            labels.push("le", &bound);
            let _ = writeln!(family.samples, "{name}_bucket{labels} {count}");
        }
        let _ = writeln!(family.samples, "{name}_sum{labels} {sum}");
        let _ = writeln!(family.samples, "{name}_count{labels} {count}");
    }

    /// The family of a new series, unless the series has to be left out.
    fn series(
        &mut self,
        name: &str,
        kind: Kind,
        help: &str,
        labels: &Labels,
    ) -> Option<&mut Family> {
        if !self.families.contains_key(name) {
            let family = Family {
                kind,
                help: help.to_owned(),
                samples: String::new(),
                labels: HashSet::new(),
            };
            self.families.insert(name.to_owned(), family);
        }
        let family = self.families.get_mut(name)?;
        let fits = family.kind == kind
            && family.labels.len() < self.limit
            && family.labels.insert(labels.0.clone());
        if !fits {
            self.dropped += 1;
        }
        fits.then_some(family)
    }

    /// The text of all metrics.
    pub(super) fn to_text(&self, style: Style) -> String {
        let mut text = String::new();
        for (name, family) in &self.families {
            let (kind, suffix) = match (family.kind, style) {
                (Kind::Counter, Style::Prometheus) => ("counter", "_total"),
                (Kind::Counter, Style::OpenMetrics) => ("counter", ""),
                (Kind::Gauge, _) => ("gauge", ""),
                (Kind::Histogram, _) => ("histogram", ""),
            };
            let help = family.help.replace('\\', "\\\\").replace('\n', "\\n");
            let _ = writeln!(text, "# HELP {name}{suffix} {help}");
            let _ = writeln!(text, "# TYPE {name}{suffix} {kind}");
            text.push_str(&family.samples);
        }
        if style == Style::OpenMetrics {
            text.push_str("# EOF\n");
        }
        text
    }
}
