//! Parallel work on many modules.

use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::progress::{Count, Stage};

/// Applies `work` to every item on all cores and returns the results in the items' order.
///
/// Reports each result as progress of `stage`.
pub fn map<T: Send, R: Send>(
    stage: Stage,
    items: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let items: Vec<T> = items.into_iter().collect();
    let count = Count::of(stage, items.len());
    let work = |item: T| {
        let result = work(item);
        count.increment();
        result
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let workers = workers.min(items.len());
    if workers <= 1 {
        return items.into_iter().map(work).collect();
    }
    let queue = Mutex::new(items.into_iter().enumerate());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let run_worker = || {
        let mut done = Vec::new();
        while let Some((at, item)) = next() {
            done.push((at, work(item)));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(run_worker)).collect();
        // A scope returns before its threads have exited. A signal that this thread defers could
        // then be delivered to one of them, so join each thread.
        let parts = workers.into_iter().map(|worker| {
            let part = worker.join();
            part.unwrap_or_else(|panic| resume_unwind(panic))
        });
        parts.flatten().collect::<Vec<_>>()
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}
