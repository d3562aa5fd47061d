//! The format for people: one line per number, `NAME[INDEX] (LABEL) @THREAD: VALUE`.

use std::io::{self, Write};

use vpp_stats::{Item, Value};

use super::Filter;
use crate::labels::Labels;
use crate::series::{self, Number, Series};

pub(super) fn write(
    out: &mut dyn Write,
    item: &Item,
    labels: &Labels<'_>,
    filter: &Filter,
) -> io::Result<()> {
    let name = &item.name;
    match &item.value {
        Value::Names(names) => {
            for (index, text) in names.iter().enumerate() {
                if let Some(text) = text.filter(|_| filter.has_index(index)) {
                    writeln!(out, "{name}[{index}]: {text}")?;
                }
            }
            Ok(())
        }
        Value::HistogramLog2(histogram) => {
            for thread in 0..histogram.threads_len() {
                for bin in histogram.bins(thread) {
                    if bin.count > 0 || !filter.no_zeros {
                        let (bound, count) = (bin.upper_bound, bin.count);
                        writeln!(out, "{name} @{thread} <= {bound}: {count}")?;
                    }
                }
            }
            Ok(())
        }
        Value::RingBuffer(ring) => {
            for thread in 0..ring.threads_len() {
                let written = ring.written(thread);
                let present = ring.records(thread).count();
                writeln!(
                    out,
                    "{name} @{thread}: {written} records written, {present} present"
                )?;
            }
            Ok(())
        }
        Value::Invalid(fault) => writeln!(out, "{name}: damaged: {fault}"),
        _ => {
            let mut written = Ok(());
            series::for_each(item, labels, filter.per_thread, |series| {
                let is_wanted = series.index.is_none_or(|index| filter.has_index(index))
                    && !(filter.no_zeros && series.number.is_zero());
                if written.is_ok() && is_wanted {
                    written = write_series(out, name, series);
                }
            });
            written
        }
    }
}

fn write_series(out: &mut dyn Write, name: &str, series: Series<'_>) -> io::Result<()> {
    out.write_all(name.as_bytes())?;
    if let Some(index) = series.index {
        write!(out, "[{index}]")?;
    }
    if let Some(label) = series.label {
        write!(out, " ({label})")?;
    }
    if let Some(thread) = series.thread {
        write!(out, " @{thread}")?;
    }
    match series.number {
        Number::Count(count) => writeln!(out, ": {count}"),
        Number::Float(value) => writeln!(out, ": {value}"),
        Number::Combined(pair) => {
            writeln!(out, ": {} packets, {} bytes", pair.packets, pair.bytes)
        }
    }
}
