//! Copies the value of an entry out of a segment.

mod budget;
mod ring;
mod rows;

pub(crate) use budget::{Budget, Failure};

use crate::entry::EntryType;
use crate::segment::{Head, View};
use crate::value::{Counters, Histogram, Names, Ring, Value};

/// Copies the value of `entry` into `value`, whose buffers are used again.
///
/// Data that VPP is changing can lead to a failure. Whoever calls this checks afterwards whether
/// it did (`Segment::section`).
pub(crate) fn copy_value(
    view: &View<'_>,
    entry: Head,
    value: &mut Value,
    budget: &mut Budget,
) -> Result<(), Failure> {
    let pointer = entry.value();
    match view.entry_type(entry) {
        EntryType::Scalar if view.is_before_22_06() => {
            *value = Value::Float(f64::from_bits(pointer));
        }
        EntryType::Scalar => *value = Value::Scalar(pointer),
        EntryType::Gauge => *value = Value::Gauge(pointer),
        EntryType::Simple => rows::copy(view, pointer, None, simple(value), budget)?,
        EntryType::Combined => rows::copy(view, pointer, None, combined(value), budget)?,
        EntryType::Error => {
            // The lower half of the union is the index of the error.
            let column = Some(entry.indices().0);
            rows::copy(view, view.errors(), column, simple(value), budget)?;
        }
        EntryType::Symlink => copy_target(view, entry, value, budget)?,
        EntryType::Names => rows::copy_names(view, pointer, names(value), budget)?,
        EntryType::HistogramLog2 => {
            rows::copy(view, pointer, None, &mut histogram(value).rows, budget)?;
        }
        EntryType::RingBuffer => ring::copy(view, pointer, ring_buffer(value), budget)?,
        EntryType::Empty | EntryType::Unknown(_) => *value = Value::Missing,
    }
    Ok(())
}

/// Copies one column of the entry that a symlink leads to.
fn copy_target(
    view: &View<'_>,
    symlink: Head,
    value: &mut Value,
    budget: &mut Budget,
) -> Result<(), Failure> {
    let (index, column) = symlink.indices();
    let target = view.head(index)?;
    let column = Some(column);
    match view.entry_type(target) {
        EntryType::Simple => rows::copy(view, target.value(), column, simple(value), budget),
        EntryType::Combined => rows::copy(view, target.value(), column, combined(value), budget),
        // VPP links to counters only. A link to a link could lead in a circle.
        _ => {
            *value = Value::Missing;
            Ok(())
        }
    }
}

macro_rules! reuse {
    ($($name:ident: $variant:ident($type:ty);)+) => {$(
        /// The cleared buffers of a value, which are new if it had another type.
        fn $name(value: &mut Value) -> &mut $type {
            if !matches!(value, Value::$variant(_)) {
                *value = Value::$variant(<$type>::default());
            }
            match value {
                Value::$variant(buffers) => buffers,
                _ => unreachable!("the variant was set above"),
            }
        }
    )+};
}

reuse! {
    simple: Simple(Counters<u64>);
    combined: Combined(Counters<crate::Combined>);
    names: Names(Names);
    histogram: HistogramLog2(Histogram);
    ring_buffer: RingBuffer(Ring);
}
