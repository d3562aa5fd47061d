//! Vectors of pointers to vectors: counters per row, and names.

use super::budget::{Budget, Failure};
use crate::segment::View;
use crate::value::{Counter, Counters, Names};

/// The words that are copied at a time.
const CHUNK: usize = 256;

/// The words of a short row, for which a large buffer is not worth its initialization.
const SHORT: usize = 4;

/// What a row or name costs beside its content.
const ROW: usize = size_of::<usize>();

/// Copies the rows at a pointer: all their counters, or one column.
pub(super) fn copy<T: Counter>(
    view: &View<'_>,
    pointer: u64,
    column: Option<u32>,
    counters: &mut Counters<T>,
    budget: &mut Budget,
) -> Result<(), Failure> {
    counters.clear();
    for_each_pointer(view, pointer, budget, |row, budget| {
        let row = view.vector(row, 8 * T::WORDS)?;
        let (first, len) = match column {
            None => (0, row.len),
            Some(_) if row.len == 0 => (0, 0),
            Some(column) => (column as usize, 1),
        };
        let start = row.offset.saturating_add((first * 8 * T::WORDS) as u64);
        if first + len > row.len {
            return Err(view.memory.fault(start, 8 * T::WORDS).into());
        }
        budget.charge(len, 8 * T::WORDS)?;
        copy_words(view, start, len * T::WORDS, |words| {
            counters.extend(words);
            Ok(())
        })?;
        counters.end_row();
        Ok(())
    })
}

/// Copies the names at a pointer. NULL keeps its index.
pub(super) fn copy_names(
    view: &View<'_>,
    pointer: u64,
    names: &mut Names,
    budget: &mut Budget,
) -> Result<(), Failure> {
    /// VPP's own names are shorter than 128 bytes, and errors and plugins are not much longer.
    const LONGEST: usize = 1024;
    names.clear();
    let mut buffer = [0; LONGEST];
    for_each_pointer(view, pointer, budget, |name, budget| {
        if name == 0 {
            names.push(None);
            return Ok(());
        }
        let vector = view.vector(name, 1)?;
        let bytes = &mut buffer[..vector.len.min(LONGEST)];
        view.memory.copy_bytes(vector.offset, bytes)?;
        budget.charge(bytes.len(), 1)?;
        names.push(Some(bytes));
        Ok(())
    })
}

/// Calls `each` with every pointer of a vector of pointers.
fn for_each_pointer(
    view: &View<'_>,
    pointer: u64,
    budget: &mut Budget,
    mut each: impl FnMut(u64, &mut Budget) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let pointers = view.vector(pointer, 8)?;
    budget.charge(pointers.len, ROW)?;
    copy_words(view, pointers.offset, pointers.len, |chunk| {
        chunk.iter().try_for_each(|it| each(*it, budget))
    })
}

/// Passes `len` words to `each`, in chunks with a whole number of counters.
fn copy_words(
    view: &View<'_>,
    start: u64,
    len: usize,
    mut each: impl FnMut(&[u64]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    if len <= SHORT {
        let mut buffer = [0; SHORT];
        let words = &mut buffer[..len];
        view.memory.copy_words(start, words)?;
        return each(words);
    }
    let mut buffer = [0; CHUNK];
    let mut done = 0;
    while done < len {
        let chunk = &mut buffer[..(len - done).min(CHUNK)];
        view.memory
            .copy_words(start.saturating_add(8 * done as u64), chunk)?;
        done += chunk.len();
        each(chunk)?;
    }
    Ok(())
}
