use std::task::{Context, Poll, Waker};

use slab::Slab;

/// The tasks that wait for one condition. Registering, replacing and removing a waker takes
/// constant time.
#[derive(Default)]
pub(crate) struct WakerSet {
    wakers: Slab<Option<Waker>>,
}

/// The key of a waiting future in a [`WakerSet`].
#[derive(Debug, Default)]
pub(crate) struct WakerKey(Option<usize>);

impl WakerKey {
    /// Whether the future is registered and has to be removed.
    pub(crate) fn is_registered(&self) -> bool {
        self.0.is_some()
    }
}

impl WakerSet {
    /// Registers the task. Returns the replaced waker, to drop once the lock is released.
    pub(crate) fn register(&mut self, key: &mut WakerKey, cx: &Context<'_>) -> Option<Waker> {
        let place = key.0.and_then(|at| self.wakers.get_mut(at));
        let Some(place) = place else {
            key.0 = Some(self.wakers.insert(Some(cx.waker().clone())));
            return None;
        };
        replace(place, cx)
    }

    /// Removes the task of a future that is dropped or finished.
    pub(crate) fn remove(&mut self, key: &mut WakerKey) -> Option<Waker> {
        let waker = self.wakers.try_remove(key.0.take()?)?;
        if self.wakers.is_empty() {
            // Frees the memory of a burst.
            self.wakers = Slab::new();
        }
        waker
    }

    /// Moves all wakers to `woken`. The keys stay valid.
    pub(crate) fn take_all(&mut self, woken: &mut Vec<Waker>) {
        woken.extend(self.wakers.iter_mut().filter_map(|(_, waker)| waker.take()));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.wakers.is_empty()
    }
}

/// Stores the task's waker, unless it is stored already. Returns the replaced waker.
#[inline]
pub(crate) fn replace(place: &mut Option<Waker>, cx: &Context<'_>) -> Option<Waker> {
    match place {
        Some(waker) if waker.will_wake(cx.waker()) => None,
        place => place.replace(cx.waker().clone()),
    }
}

/// Stores the task's waker and returns `Pending`. The replaced waker is added to `retired`.
#[inline]
pub(crate) fn pend<T>(
    place: &mut Option<Waker>,
    retired: &mut Vec<Waker>,
    cx: &Context<'_>,
) -> Poll<T> {
    retired.extend(replace(place, cx));
    Poll::Pending
}

/// Takes the contents of the vector. An empty vector keeps its memory.
pub(crate) fn take_some(wakers: &mut Vec<Waker>) -> Vec<Waker> {
    if wakers.is_empty() {
        return Vec::new();
    }
    std::mem::take(wakers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_of_removed_wakers_is_freed() {
        let mut set = WakerSet::default();
        let cx = Context::from_waker(Waker::noop());
        let mut keys: Vec<_> = (0..100_000).map(|_| WakerKey::default()).collect();
        for key in &mut keys {
            set.register(key, &cx);
        }
        for key in &mut keys {
            set.remove(key);
        }
        assert!(set.is_empty());
        assert_eq!(set.wakers.capacity(), 0);
    }
}
