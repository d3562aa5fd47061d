use std::task::{Context, Poll};

use super::pause::Pause;
use super::sender::Sender;
use crate::error::Error;
use crate::shared::State;
use crate::wakers::WakerKey;

/// Waits until a request can be queued.
pub(crate) struct ReadyWait<'a> {
    sender: &'a Sender,
    key: WakerKey,
    pause: Option<Pause>,
}

impl<'a> ReadyWait<'a> {
    pub(crate) fn new(sender: &'a Sender) -> Self {
        Self {
            sender,
            key: WakerKey::default(),
            pause: None,
        }
    }

    pub(crate) fn poll(&mut self, cx: &Context<'_>) -> Poll<Result<(), Error>> {
        const WAITING: &str = "ready";
        let Sender {
            shared, timeout, ..
        } = self.sender;
        if !shared.process.is_current() {
            return Poll::Ready(Err(Error::forked(WAITING)));
        }
        let key = &mut self.key;
        let ready = shared.with(|inner| match inner.check_connected(WAITING) {
            Ok(()) if inner.has_room_to_send() => Poll::Ready(Ok(())),
            Err(error) if inner.state.get() == State::Closed => Poll::Ready(Err(error)),
            _ => {
                let replaced = inner.ready.register(key, cx);
                inner.retired.extend(replaced);
                Poll::Pending
            }
        });
        if ready.is_ready() {
            return ready;
        }
        let pause = match &mut self.pause {
            Some(pause) => pause,
            // If too many calls are in flight, their own deadlines limit the wait.
            None => match Pause::new(shared, WAITING, *timeout) {
                Ok(pause) => self.pause.insert(pause),
                Err(_) => return Poll::Pending,
            },
        };
        pause.poll(cx).map(Err)
    }
}

impl Drop for ReadyWait<'_> {
    fn drop(&mut self) {
        let key = &mut self.key;
        if key.is_registered() {
            self.sender.shared.with(|inner| {
                let removed = inner.ready.remove(key);
                inner.retired.extend(removed);
            });
        }
    }
}
