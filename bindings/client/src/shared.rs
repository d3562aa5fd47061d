//! What clients and connection share: one lock, held for copies and never for I/O.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;
use vpp_wire::bootstrap::{ControlPing, SockclntDelete, SockclntDeleteReply};
use vpp_wire::{Header, Message, frame};

use crate::ids::{IdCache, Shape, Spec};
use crate::slots::{CallId, Expect, MAX_SLOTS, Slots};
use crate::state::StateCell;
use crate::subscriptions::Subscriptions;
use crate::{Error, MessageTable, State};

/// The context of a request whose answer nobody wants; no slot has it.
pub(crate) const NOBODY: CallId = 0;
/// The context of the farewell; no slot has it.
const FAREWELL: CallId = 1;
/// The bytes from which on a write is worth its system call.
const SMALL_WRITE: usize = 4096;
/// A deadline that never comes, where the timeout is beyond the clock.
const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 3600);

/// The limits that hold for all calls of a client.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    /// The largest payload, either way.
    pub(crate) frame: usize,
    /// The bytes of one dump that wait to be read.
    pub(crate) dump: usize,
    /// The events of one subscription that wait to be read.
    pub(crate) events: usize,
}

pub(crate) struct Shared {
    inner: Mutex<Inner>,
    pub(crate) limits: Limits,
}

pub(crate) struct Inner {
    /// Frames that the connection has not taken yet.
    pub(crate) outgoing: Vec<u8>,
    pub(crate) slots: Slots,
    pub(crate) ids: IdCache,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) table: Arc<MessageTable>,
    pub(crate) client_index: u32,
    /// Counts connections, so that nothing of one is carried into the next.
    pub(crate) epoch: u64,
    pub(crate) state: StateCell,
    /// Why there is no connection.
    lost: Option<Error>,
    /// The connection's task, while it sleeps.
    sleeper: Option<Waker>,
    /// Whether the sleeper wants to know of frames in `outgoing`.
    wake_on_send: bool,
    /// Whether the sleeper is to be woken for another reason.
    attention: bool,
    /// The earliest deadline that the connection has to know of, or one before it.
    pub(crate) next_deadline: Option<Instant>,
    /// No client is left.
    abandoned: bool,
    /// A client asked for the end.
    leaving: bool,
    /// The farewell is in `outgoing` or on its way; no call follows it.
    farewell: Option<u16>,
    pub(crate) farewell_answered: bool,
}

impl Shared {
    pub(crate) fn new(limits: Limits) -> Arc<Self> {
        let inner = Mutex::new(Inner {
            outgoing: Vec::new(),
            slots: Slots::default(),
            ids: IdCache::default(),
            subscriptions: Subscriptions::default(),
            table: Arc::default(),
            client_index: 0,
            epoch: 0,
            state: StateCell::new(),
            lost: None,
            sleeper: None,
            wake_on_send: false,
            attention: false,
            next_deadline: None,
            abandoned: false,
            leaving: false,
            farewell: None,
            farewell_answered: false,
        });
        Arc::new(Self { inner, limits })
    }

    /// The lock. A panic of a waker elsewhere leaves nothing half done here.
    #[inline]
    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` under the lock, then wakes the connection if there is work for it.
    #[inline]
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        let (result, sleeper) = {
            let mut inner = self.lock();
            let result = work(&mut inner);
            (result, inner.sleeper_if_needed())
        };
        if let Some(sleeper) = sleeper {
            sleeper.wake();
        }
        result
    }

    /// Queues a request; its answer is then found by the returned call.
    #[inline]
    pub(crate) fn submit<M: Message>(
        &self,
        message: &M,
        shape: Shape,
        timeout: Duration,
    ) -> Result<(CallId, u64), Error> {
        self.with(|inner| {
            let call = inner.submit(message, shape, timeout, &self.limits)?;
            Ok((call, inner.epoch))
        })
    }

    /// Gives a call back, whatever its state.
    #[inline]
    pub(crate) fn release(&self, call: CallId) {
        self.with(|inner| inner.release(call));
    }
}

impl Inner {
    /// Whether something can be sent.
    #[inline]
    pub(crate) fn check_connected(&self, message: &'static str) -> Result<(), Error> {
        if self.state.get() == State::Connected && self.farewell.is_none() && !self.leaving {
            return Ok(());
        }
        Err(self.not_connected(message))
    }

    #[cold]
    pub(crate) fn not_connected(&self, message: &'static str) -> Error {
        Error::disconnected(message, self.lost.as_ref())
    }

    #[inline]
    fn submit<M: Message>(
        &mut self,
        message: &M,
        shape: Shape,
        timeout: Duration,
        limits: &Limits,
    ) -> Result<CallId, Error> {
        self.check_connected(M::NAME)?;
        let ids = self.ids.of::<M>(shape, &self.table)?;
        if self.outgoing.len() > limits.frame {
            let what = "the bytes that VPP does not take";
            return Err(Error::overflow(M::NAME, what, limits.frame));
        }
        let call = match shape {
            Shape::OneWay => NOBODY,
            _ => {
                let expect = Expect {
                    item: ids.item,
                    stray: ids.stray,
                    end: ids.end,
                    timeout,
                    limit: limits.dump,
                    registration: None,
                };
                self.take_slot(M::NAME, expect)?
            }
        };
        let header = Header {
            client_index: self.client_index,
            context: call,
        };
        let start = self.outgoing.len();
        let mut result = frame::encode(
            message,
            ids.request,
            header,
            limits.frame,
            &mut self.outgoing,
        );
        if let (Ok(()), Some(ping)) = (&result, ids.ping) {
            result = frame::encode(
                &ControlPing {},
                ping,
                header,
                limits.frame,
                &mut self.outgoing,
            );
        }
        if let Err(error) = result {
            self.outgoing.truncate(start);
            self.slots.release(call);
            return Err(error.into());
        }
        Ok(call)
    }

    #[inline]
    pub(crate) fn take_slot(
        &mut self,
        message: &'static str,
        expect: Expect,
    ) -> Result<CallId, Error> {
        let deadline = deadline(Instant::now(), expect.timeout);
        let call = self.slots.take(expect, deadline);
        let call = call.ok_or_else(|| Error::overflow(message, "calls in flight", MAX_SLOTS))?;
        self.watch(deadline);
        Ok(call)
    }

    /// Gives a call back, whatever its state.
    #[inline]
    pub(crate) fn release(&mut self, call: CallId) {
        self.slots.release(call);
        self.look_whether_to_leave();
    }

    /// Sees to it that the connection looks at the clock at `deadline`.
    #[inline]
    pub(crate) fn watch(&mut self, deadline: Instant) {
        if self.next_deadline.is_none_or(|next| deadline < next) {
            self.next_deadline = Some(deadline);
            self.attention = true;
        }
    }

    /// The connection's waker, if there is something for it to do.
    #[inline]
    #[must_use]
    pub(crate) fn sleeper_if_needed(&mut self) -> Option<Waker> {
        if self.attention || (self.wake_on_send && !self.outgoing.is_empty()) {
            return self.sleeper.take();
        }
        None
    }

    /// Puts the connection's task to sleep until there is something for it to do.
    pub(crate) fn sleep(&mut self, waker: &Waker, wake_on_send: bool) {
        self.wake_on_send = wake_on_send;
        self.attention = false;
        if !self
            .sleeper
            .as_ref()
            .is_some_and(|sleeper| sleeper.will_wake(waker))
        {
            self.sleeper = Some(waker.clone());
        }
    }

    /// A session begins: the ids are new, and subscriptions are asked for again.
    pub(crate) fn connected(&mut self, client_index: u32, table: MessageTable, limits: &Limits) {
        self.ids.clear();
        self.client_index = client_index;
        self.table = Arc::new(table);
        self.epoch += 1;
        self.lost = None;
        self.outgoing.clear();
        self.subscribe_again(limits);
    }

    /// The session has ended: whatever waits for VPP fails.
    pub(crate) fn disconnected(&mut self, cause: Option<Error>, state: State) -> Vec<Waker> {
        self.lost = cause;
        self.outgoing = Vec::new();
        self.next_deadline = None;
        let mut calls = Vec::new();
        self.slots.lose(self.lost.as_ref(), &mut calls);
        let mut wakers = self.settled(&calls);
        if state == State::Closed {
            self.subscriptions.end(self.lost.as_ref(), &mut wakers);
        }
        self.state.set(state, &mut wakers);
        wakers
    }

    /// The tasks that wait for these calls; registrations have none and are seen to here.
    pub(crate) fn settled(&mut self, calls: &[CallId]) -> Vec<Waker> {
        let mut wakers = Vec::new();
        for call in calls {
            self.settle(*call, &mut wakers);
        }
        wakers
    }

    /// Passes on that a call has come to its end.
    #[inline]
    pub(crate) fn settle(&mut self, call: CallId, wakers: &mut Vec<Waker>) {
        let Some(slot) = self.slots.get_mut(call) else {
            return;
        };
        match slot.expect.registration {
            None => wakers.extend(slot.waker.take()),
            Some(registration) => self.registration_settled(registration, call, wakers),
        }
    }

    /// No client is left; what is in flight is waited for.
    pub(crate) fn abandon(&mut self) {
        self.abandoned = true;
        self.look_whether_to_leave();
    }

    /// A client asks for the end.
    pub(crate) fn leave(&mut self) {
        self.leaving = true;
        self.look_whether_to_leave();
    }

    /// Called where the last reason to stay may have gone.
    #[inline]
    pub(crate) fn look_whether_to_leave(&mut self) {
        if self.wants_to_leave() {
            self.attention = true;
        }
    }

    /// Whether the connection is to end.
    pub(crate) fn wants_to_leave(&self) -> bool {
        self.leaving
            || (self.abandoned && self.slots.waiting() == 0 && self.subscriptions.is_empty())
    }

    /// Queues the farewell behind all that was queued before it.
    pub(crate) fn take_leave(&mut self) {
        let ids = (
            self.ids.resolve(&Spec::of::<SockclntDelete>(), &self.table),
            self.ids
                .resolve(&Spec::of::<SockclntDeleteReply>(), &self.table),
        );
        let (Ok(request), Ok(reply)) = ids else {
            // A VPP without the message sees the socket close, which means the same.
            self.farewell = Some(0);
            self.farewell_answered = true;
            return;
        };
        self.farewell = Some(reply);
        let header = Header {
            client_index: self.client_index,
            context: FAREWELL,
        };
        let message = SockclntDelete {
            index: self.client_index,
        };
        let max = frame::MAX_PAYLOAD;
        let sent = frame::encode(&message, request, header, max, &mut self.outgoing);
        self.farewell_answered = sent.is_err();
    }

    /// Whether this is VPP's answer to the farewell.
    pub(crate) fn is_farewell(&self, id: u16, context: CallId) -> bool {
        context == FAREWELL && self.farewell == Some(id)
    }

    /// Whether calls are being made by more than one task, as far as can be told: a write
    /// is then worth putting off until they had their turn.
    pub(crate) fn expects_more(&self) -> bool {
        (1..SMALL_WRITE).contains(&self.outgoing.len()) && self.slots.waiting() > 1
    }

    /// Takes what is to be written, in exchange for an empty buffer.
    pub(crate) fn take_outgoing(&mut self, empty: &mut Vec<u8>) {
        mem::swap(&mut self.outgoing, empty);
    }
}

/// `timeout` from now; a timeout beyond the clock never comes.
#[inline]
pub(crate) fn deadline(now: Instant, timeout: Duration) -> Instant {
    now.checked_add(timeout).unwrap_or_else(|| now + FAR)
}
