//! One scrape: reads the segment and writes its metrics.

use std::path::PathBuf;
use std::time::Instant;

use vpp_stats::{Builder, Item, Query, Selection, Stats, Value};

use super::families::{Families, Labels as SeriesLabels, Style};
use super::metric::{Kind, Metric};
use crate::labels::Labels;
use crate::series::{self, Number, Series};

/// What an exporter reads, and how.
#[derive(Debug)]
pub(crate) struct Exporter {
    socket: PathBuf,
    builder: Builder,
    stats: Option<Stats>,
    query: Query,
    wanted: Selection,
    options: Options,
    failures: u64,
}

/// The options of an exporter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    /// The most series of one metric.
    pub(crate) max_series: usize,
    /// Series per thread instead of their sum.
    pub(crate) per_thread: bool,
    /// Whether errors that never happened have series.
    pub(crate) zero_errors: bool,
}

impl Exporter {
    pub(crate) fn new(
        socket: PathBuf,
        builder: Builder,
        patterns: &[String],
        options: Options,
    ) -> vpp_stats::Result<Self> {
        let selection = Labels::with(patterns)?;
        Ok(Self {
            socket,
            builder,
            stats: None,
            query: Query::new(selection.all),
            wanted: selection.wanted,
            options,
            failures: 0,
        })
    }

    /// Reads VPP and returns its metrics. If VPP cannot be read, they say so.
    pub(crate) fn scrape(&mut self, style: Style) -> String {
        let start = Instant::now();
        let mut families = Families::new(self.options.max_series);
        let read = self.read();
        match &read {
            Ok(()) => self.add_items(&mut families),
            Err(error) => {
                self.failures += 1;
                eprintln!("vpp-stats: {error}");
            }
        }
        self.add_own(&mut families, read.is_ok(), start);
        families.to_text(style)
    }

    fn read(&mut self) -> vpp_stats::Result<()> {
        let stats = match &mut self.stats {
            Some(stats) => stats,
            none => none.insert(self.builder.clone().connect(&self.socket)?),
        };
        stats.read(&mut self.query)
    }

    fn add_items(&self, families: &mut Families) {
        let labels = Labels::of(self.query.items());
        let items = self.query.items().iter();
        for item in items.filter(|it| self.wanted.matches(&it.name)) {
            if let Some(metric) = Metric::of(item) {
                self.add(families, item, &metric, &labels);
            }
        }
    }

    fn add(&self, families: &mut Families, item: &Item, metric: &Metric, labels: &Labels<'_>) {
        let mut own = SeriesLabels::default();
        for (name, value) in &metric.labels {
            own.push(name, value);
        }
        if let Value::HistogramLog2(histogram) = &item.value {
            for thread in 0..histogram.threads_len() {
                let mut own = own.clone();
                own.push("thread", &thread.to_string());
                let (mut cumulative, mut sum, mut bins) = (0_u64, 0_u64, Vec::new());
                for bin in histogram.bins(thread) {
                    cumulative = cumulative.wrapping_add(bin.count);
                    sum = sum.wrapping_add(bin.count.wrapping_mul(bin.upper_bound));
                    bins.push((bin.upper_bound, cumulative));
                }
                families.add_histogram(&metric.name, &metric.help, &own, &bins, sum);
            }
            return;
        }
        let is_error = item.name.starts_with("/err/");
        series::for_each(item, labels, self.options.per_thread, |series| {
            let is_hidden = is_error && series.number.is_zero() && !self.options.zero_errors;
            let is_unnamed = metric.has_named_index(item) && series.label.is_none();
            if is_hidden || is_unnamed {
                return;
            }
            let mut own = own.clone();
            push_labels(&mut own, metric, series);
            let Metric {
                name, kind, help, ..
            } = metric;
            match series.number {
                Number::Count(count) => families.add(name, *kind, help, &own, count),
                Number::Float(value) => families.add(name, *kind, help, &own, value),
                Number::Combined(pair) => {
                    for (unit, count) in [("packets", pair.packets), ("bytes", pair.bytes)] {
                        let help = format!("{help} ({unit})");
                        families.add(&format!("{name}_{unit}"), *kind, &help, &own, count);
                    }
                }
            }
        });
    }

    /// The metrics of the exporter itself.
    fn add_own(&self, families: &mut Families, is_up: bool, start: Instant) {
        let none = SeriesLabels::default();
        let dropped = families.dropped;
        let mut gauge = |name: &str, help: &str, value: &dyn std::fmt::Display| {
            families.add(name, Kind::Gauge, help, &none, value);
        };
        gauge(
            "vpp_up",
            "Whether the stats segment of VPP could be read",
            &u8::from(is_up),
        );
        let seconds = start.elapsed().as_secs_f64();
        gauge(
            "vpp_exporter_scrape_duration_seconds",
            "The time to read VPP and write this text",
            &seconds,
        );
        let size = self.stats.as_ref().map_or(0, Stats::size);
        gauge(
            "vpp_exporter_segment_bytes",
            "The size of the stats segment",
            &size,
        );
        gauge(
            "vpp_exporter_dropped_series",
            "Series that this text leaves out: above --max-series, or with the labels of another",
            &dropped,
        );
        let runs = self.stats.as_ref().map_or(0, Stats::run);
        for (name, help, value) in [
            (
                "vpp_exporter_segments",
                "Stats segments that were opened: VPP was started so often",
                runs,
            ),
            (
                "vpp_exporter_failures",
                "Scrapes for which VPP could not be read",
                self.failures,
            ),
        ] {
            families.add(name, Kind::Counter, help, &none, value);
        }
    }
}

fn push_labels(labels: &mut SeriesLabels, metric: &Metric, series: Series<'_>) {
    match (series.label, series.index) {
        (Some(label), _) => labels.push(metric.index_label, label),
        (None, Some(index)) => labels.push(metric.index_label, &index.to_string()),
        (None, None) => {}
    }
    if let Some(thread) = series.thread {
        labels.push("thread", &thread.to_string());
    }
}
