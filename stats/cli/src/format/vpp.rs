//! The lines of `vpp_get_stats dump` (`vpp/app/vpp_get_stats.c`).

use std::io::{self, Write};

use vpp_stats::{Combined, Counter, Counters, Histogram, Item, Value};

use super::Filter;

pub(super) fn write(out: &mut dyn Write, item: &Item, filter: &Filter) -> io::Result<()> {
    let name = &item.name;
    match &item.value {
        Value::Simple(counters) => {
            let is_shown = |value: u64| value != 0 || !filter.no_zeros;
            write_counters(out, counters, filter, is_shown, |out, value| {
                write!(out, "{value} packets {name}")
            })
        }
        Value::Combined(counters) => {
            let is_shown = |pair: Combined| pair.packets != 0 || !filter.no_zeros;
            write_counters(out, counters, filter, is_shown, |out, pair| {
                let Combined { packets, bytes } = pair;
                write!(out, "{packets} packets, {bytes} bytes {name}")
            })
        }
        Value::Scalar(value) | Value::Gauge(value) => writeln!(out, "{value}.00 {name}"),
        Value::Float(value) => writeln!(out, "{value:.2} {name}"),
        Value::Names(names) => {
            for (index, text) in names.iter().enumerate() {
                if let Some(text) = text {
                    writeln!(out, "[{index}]: {text} {name}")?;
                }
            }
            Ok(())
        }
        Value::HistogramLog2(histogram) => write_histogram(out, name, histogram),
        _ => Ok(()),
    }
}

fn write_counters<T: Counter>(
    out: &mut dyn Write,
    counters: &Counters<T>,
    filter: &Filter,
    is_shown: impl Fn(T) -> bool,
    write_value: impl Fn(&mut dyn Write, T) -> io::Result<()>,
) -> io::Result<()> {
    if filter.sum {
        for index in 0..counters.indices_len() {
            let sum = counters.sum(index);
            if filter.has_index(index) && is_shown(sum) {
                write!(out, "[{index}]: ")?;
                write_value(out, sum)?;
                writeln!(out)?;
            }
        }
        return Ok(());
    }
    for (thread, row) in counters.rows().enumerate() {
        for (index, value) in row.iter().enumerate() {
            if filter.has_index(index) && is_shown(*value) {
                write!(out, "[{index} @ {thread}]: ")?;
                write_value(out, *value)?;
                writeln!(out)?;
            }
        }
    }
    Ok(())
}

fn write_histogram(out: &mut dyn Write, name: &str, histogram: &Histogram) -> io::Result<()> {
    for thread in 0..histogram.threads_len() {
        if histogram.min_exp(thread).is_none() {
            continue;
        }
        writeln!(out, "Histogram {name} (thread {thread}):")?;
        let (mut cumulative, mut sum) = (0_u64, 0_u64);
        for bin in histogram.bins(thread) {
            cumulative = cumulative.wrapping_add(bin.count);
            sum = sum.wrapping_add(bin.count.wrapping_mul(bin.upper_bound));
            let (bound, count) = (bin.upper_bound, bin.count);
            writeln!(out, "  <= {bound}: {count} (cumulative: {cumulative})")?;
        }
        writeln!(
            out,
            "  +Inf: {cumulative} (total count: {cumulative}, sum: {sum})"
        )?;
    }
    Ok(())
}
