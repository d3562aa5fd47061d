use vpp_stats::{Combined, Counter, Counters, Item, Value};

use crate::labels::{IndexKind, Labels};

/// One number or pair of an entry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Series<'a> {
    /// The index, if the entry has several.
    pub(crate) index: Option<usize>,
    /// The row, if rows are not summed.
    pub(crate) thread: Option<usize>,
    /// The name of the index.
    pub(crate) label: Option<&'a str>,
    pub(crate) number: Number,
}

/// The number or numbers of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Count(u64),
    Float(f64),
    Combined(Combined),
}

impl Number {
    pub(crate) fn is_zero(self) -> bool {
        match self {
            Self::Count(count) => count == 0,
            Self::Float(value) => value == 0.0,
            Self::Combined(pair) => pair == Combined::default(),
        }
    }
}

/// Calls `each` with every number of an entry that has numbers. Counters of deleted interfaces are
/// left out. Rows are summed unless `per_thread`.
pub(crate) fn for_each<'a>(
    item: &Item,
    labels: &Labels<'a>,
    per_thread: bool,
    mut each: impl FnMut(Series<'a>),
) {
    let kind = IndexKind::of(item);
    let one = |number| Series {
        index: None,
        thread: None,
        label: None,
        number,
    };
    match &item.value {
        Value::Scalar(value) | Value::Gauge(value) => each(one(Number::Count(*value))),
        Value::Float(value) => each(one(Number::Float(*value))),
        Value::Simple(counters) => {
            walk(counters, kind, labels, per_thread, Number::Count, &mut each);
        }
        Value::Combined(counters) => {
            walk(
                counters,
                kind,
                labels,
                per_thread,
                Number::Combined,
                &mut each,
            );
        }
        _ => {}
    }
}

fn walk<'a, T: Counter>(
    counters: &Counters<T>,
    kind: IndexKind,
    labels: &Labels<'a>,
    per_thread: bool,
    number: fn(T) -> Number,
    each: &mut impl FnMut(Series<'a>),
) {
    let len = counters.indices_len();
    for index in 0..len {
        let label = labels.get(kind, index);
        if label.is_none() && kind == IndexKind::Interface && labels.has_interfaces() {
            continue;
        }
        let index_or_none = (len > 1 || label.is_some()).then_some(index);
        let series = |thread, value| Series {
            index: index_or_none,
            thread,
            label,
            number: number(value),
        };
        match per_thread {
            false => each(series(None, counters.sum(index))),
            true => {
                for (thread, row) in counters.rows().enumerate() {
                    if let Some(value) = row.get(index) {
                        each(series(Some(thread), *value));
                    }
                }
            }
        }
    }
}
