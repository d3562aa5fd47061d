//! Work on many modules with all cores.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::progress::{Count, Stage};

/// `work` on every item, results in the items' order. Each that is done is reported as one
/// of the stage.
pub fn map<T: Sync, R: Send>(stage: Stage, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let count = Count::of(stage, items.len());
    let work = |item: &T| {
        let result = work(item);
        count.one_more();
        result
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let workers = workers.min(items.len());
    if workers <= 1 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let some = || {
        let mut done = Vec::new();
        while let Some((at, item)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            items.get(at).map(|item| (at, item))
        } {
            done.push((at, work(item)));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(some)).collect();
        // A scope lets go of threads that have yet to end, and a signal that this thread
        // defers would go to one of those; joined ones are gone.
        let parts = workers.into_iter().map(|worker| {
            let part = worker.join();
            part.unwrap_or_else(|panic| resume_unwind(panic))
        });
        parts.flatten().collect::<Vec<_>>()
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}
