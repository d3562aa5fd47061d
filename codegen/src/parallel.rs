//! Work on many modules with all cores.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

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
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = workers.min(items.len());
    if workers <= 1 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let mut mine = Vec::new();
                while let Some((at, item)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    items.get(at).map(|item| (at, item))
                } {
                    mine.push((at, work(item)));
                }
                lock(&done).append(&mut mine);
            });
        }
    });
    let mut done = done
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
