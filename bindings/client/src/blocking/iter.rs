use std::sync::Arc;
use std::time::{Duration, Instant};

use vpp_wire::{Event, Get, Message};

use super::worker::Worker;
use crate::calls::{DumpStream, GetStream};
use crate::error::Error;
use crate::events::{Notice, Subscription};

/// A blocking iterator over the details of a dump; see [`DumpStream`].
#[derive(Debug)]
pub struct DumpIter<D> {
    stream: DumpStream<D>,
    worker: Arc<Worker>,
}

impl<D: Message> DumpIter<D> {
    pub(super) fn new(stream: DumpStream<D>, worker: &Arc<Worker>) -> Self {
        let worker = Arc::clone(worker);
        Self { stream, worker }
    }
}

impl<D: Message> Iterator for DumpIter<D> {
    type Item = Result<D, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.worker.block_on(self.stream.next())
    }
}

/// A blocking iterator over the items of a cursor request; see [`GetStream`].
#[derive(Debug)]
pub struct GetIter<M: Get> {
    stream: GetStream<M>,
    worker: Arc<Worker>,
}

impl<M: Get> GetIter<M> {
    pub(super) fn new(stream: GetStream<M>, worker: &Arc<Worker>) -> Self {
        let worker = Arc::clone(worker);
        Self { stream, worker }
    }

    /// VPP's last reply, available after the iterator has ended without an error.
    #[must_use]
    pub fn reply(&self) -> Option<&M::Reply> {
        self.stream.reply()
    }
}

impl<M: Get> Iterator for GetIter<M> {
    type Item = Result<M::Details, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.worker.block_on(self.stream.next())
    }
}

/// A blocking iterator over events; see [`Subscription`].
#[derive(Debug)]
pub struct EventIter<E> {
    events: Subscription<E>,
    worker: Arc<Worker>,
}

impl<E: Event> EventIter<E> {
    pub(super) fn new(events: Subscription<E>, worker: &Arc<Worker>) -> Self {
        let worker = Arc::clone(worker);
        Self { events, worker }
    }

    /// The next event or notice that arrives within `timeout`. Returns `None` after the timeout
    /// and after the subscription has ended.
    pub fn next_timeout(&mut self, timeout: Duration) -> Option<Result<Notice<E>, Error>> {
        let until = Instant::now().checked_add(timeout);
        self.worker.block_until(self.events.next(), until)?
    }
}

impl<E: Event> Iterator for EventIter<E> {
    type Item = Result<Notice<E>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.worker.block_on(self.events.next())
    }
}
