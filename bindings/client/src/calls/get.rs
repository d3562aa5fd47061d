use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use vpp_wire::{Get, Reply, VppError, decode_payload};

use super::call::unreadable;
use super::frames::Frames;
use super::opening::Opening;
use crate::error::Effect;
use crate::shared::ids::Pattern;
use crate::shared::submit::Submitted;
use crate::{Client, Error};

/// The cursor after the last item.
const END: u32 = u32::MAX;
/// How many rounds in a row may return neither an item nor another cursor.
const FRUITLESS: u32 = 16;

/// The items that answer a cursor request, as a [`Stream`].
///
/// VPP sends such items in slices and names the cursor to continue from; the stream requests
/// the next slice once it has read the one before. Limits, timeout and errors are those of a
/// [`DumpStream`](crate::DumpStream). A connection that is re-established in the middle ends
/// the stream with an error, since the new VPP does not know the cursor.
///
/// # Cancel safety
/// That of a [`DumpStream`](crate::DumpStream).
#[must_use = "a stream is read by polling it"]
pub struct GetStream<M: Get> {
    frames: Frames,
    /// Keeps the connection between two slices, when nothing is in flight.
    client: Client,
    request: M,
    state: GetState,
    epoch: u64,
    rounds: u32,
    fruitless: u32,
    cursor: Option<u32>,
    reply: Option<M::Reply>,
}

enum GetState {
    Running,
    Opening(Opening),
    Ended,
}

/// One step through the frames of a slice.
enum Step<D, R> {
    Item(D),
    Reply(R),
}

impl<M: Get> GetStream<M> {
    pub(crate) fn send(client: Client, request: M) -> Self {
        let sender = client.sender();
        let mut stream = Self {
            frames: Frames::new(&sender.shared, M::NAME, sender.timeout),
            client,
            request,
            state: GetState::Running,
            epoch: 0,
            rounds: 0,
            fruitless: 0,
            cursor: None,
            reply: None,
        };
        stream.request_slice();
        stream
    }

    /// The next item; `None` at the end.
    ///
    /// # Errors
    /// Those of a [`DumpStream`](crate::DumpStream), and VPP's own where the request is refused.
    ///
    /// # Cancel safety
    /// Dropping the future loses no item.
    pub async fn next(&mut self) -> Option<Result<M::Details, Error>> {
        std::future::poll_fn(|cx| self.poll_item(cx)).await
    }

    /// All items.
    ///
    /// # Errors
    /// The first error; the items before it are dropped.
    ///
    /// # Cancel safety
    /// Dropping the future drops the stream.
    pub async fn all(mut self) -> Result<Vec<M::Details>, Error> {
        let mut items = Vec::new();
        while let Some(item) = self.next().await {
            items.push(item?);
        }
        Ok(items)
    }

    /// VPP's last reply, once the stream has ended without an error.
    #[must_use]
    pub fn reply(&self) -> Option<&M::Reply> {
        self.reply.as_ref()
    }

    /// The cursor that VPP named last, if its replies have one.
    #[must_use]
    pub fn cursor(&self) -> Option<u32> {
        self.cursor
    }

    fn request_slice(&mut self) {
        let pattern = const { &Pattern::get::<M>() };
        self.state = match self.client.sender().send(&self.request, pattern) {
            Ok(submitted) => self.follow(&submitted),
            Err(opening) => GetState::Opening(opening),
        };
    }

    fn follow(&mut self, submitted: &Submitted) -> GetState {
        self.frames.follow(submitted);
        if self.rounds > 0 && submitted.epoch != self.epoch {
            // A cursor means nothing to a VPP that was started since.
            let error = Error::disconnected(M::NAME, Effect::Unknown, None);
            return self.failed(error);
        }
        self.epoch = submitted.epoch;
        self.rounds += 1;
        GetState::Running
    }

    fn failed(&mut self, error: Error) -> GetState {
        self.frames.end(Some(&error));
        GetState::Opening(self.client.sender().failed(error))
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<M::Details, Error>>> {
        loop {
            match &mut self.state {
                GetState::Running => {}
                GetState::Ended => return Poll::Ready(None),
                GetState::Opening(opening) => match opening.poll(&self.frames.shared, cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Ok(submitted)) => {
                        self.state = self.follow(&submitted);
                        continue;
                    }
                    Poll::Ready(Err(error)) => {
                        self.state = GetState::Ended;
                        return Poll::Ready(error.map(Err));
                    }
                },
            }
            let step = match self.frames.poll_ready(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) => self.step(),
                Poll::Ready(Err(error)) => Err(error),
            };
            match step {
                Ok(Step::Item(item)) => {
                    self.fruitless = 0;
                    return Poll::Ready(Some(Ok(item)));
                }
                Ok(Step::Reply(reply)) => {
                    self.frames.end(None);
                    self.continue_after(reply);
                }
                Err(error) => self.state = self.failed(error),
            }
        }
    }

    fn step(&mut self) -> Result<Step<M::Details, M::Reply>, Error> {
        let item = self.frames.item;
        match self.frames.take() {
            Some(frame) if frame.id() == item => Ok(Step::Item(decode_payload(frame.payload)?.1)),
            Some(frame) => match decode_payload::<M::Reply>(frame.payload) {
                Ok((_, reply)) => Ok(Step::Reply(reply)),
                Err(error) => Err(unreadable::<M::Reply>(M::NAME, frame.payload, error)),
            },
            None => Err(Error::finished(M::NAME)),
        }
    }

    /// Ends the stream, or requests the next slice.
    fn continue_after(&mut self, reply: M::Reply) {
        let cursor = M::next_cursor(&reply);
        let is_first = self.rounds == 1;
        match VppError(reply.retval()) {
            VppError(0) => {}
            VppError::EAGAIN if cursor == Some(END) => {}
            VppError::EAGAIN if cursor.is_some() && self.progresses(cursor) => {
                self.cursor = cursor;
                self.request.set_cursor(cursor.unwrap_or(END));
                return self.request_slice();
            }
            // An empty vector, or nothing after the slice before.
            VppError::INVALID_VALUE if cursor == Some(END) || !is_first => {}
            _ => {
                self.state = self.failed(Error::api(M::NAME, reply));
                return;
            }
        }
        self.cursor = cursor;
        self.reply = Some(reply);
        self.state = GetState::Ended;
    }

    /// Whether another request can lead anywhere.
    fn progresses(&mut self, cursor: Option<u32>) -> bool {
        self.fruitless = if cursor == self.cursor {
            self.fruitless + 1
        } else {
            0
        };
        self.fruitless < FRUITLESS
    }
}

// Nothing in the stream is pinned: the request is only ever read.
impl<M: Get> Unpin for GetStream<M> {}

impl<M: Get> Stream for GetStream<M> {
    type Item = Result<M::Details, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(cx)
    }
}

impl<M: Get> fmt::Debug for GetStream<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GetStream").field(&M::NAME).finish()
    }
}
