use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use vpp_wire::{Get, Reply, VppError, decode_payload};

use super::frames::Frames;
use super::handle::Handle;
use super::sender::{Sender, UnsentRequest};
use crate::error::{Effect, Error};
use crate::reply::undecodable_reply;
use crate::shared::QueuedRequest;
use crate::table::ids::ReplyPattern;

/// The cursor after the last item.
const END: u32 = u32::MAX;
/// How many slices in a row may have neither an item nor another cursor.
const MAX_EMPTY_ROUNDS: u32 = 16;

/// The items that VPP sends in reply to a cursor request, as a [`Stream`].
///
/// VPP sends these items in slices. Each slice ends with the cursor of the next one, which the
/// stream requests after it has read the slice. Limits, timeout and errors are those of a
/// [`DumpStream`](crate::calls::DumpStream). If the connection is re-established between two
/// slices, the stream ends with an error, because the new VPP does not know the cursor.
///
/// # Cancel safety
/// That of a [`DumpStream`](crate::calls::DumpStream).
#[must_use = "a stream is read by polling it"]
pub struct GetStream<M: Get> {
    frames: Frames,
    sender: Sender,
    /// Keeps the connection open between two slices, when nothing is in flight.
    _handle: Arc<Handle>,
    request: M,
    state: GetState,
    epoch: u64,
    rounds: u32,
    empty_rounds: u32,
    cursor: Option<u32>,
    reply: Option<M::Reply>,
}

enum GetState {
    Running,
    Unsent(UnsentRequest),
    Ended,
}

/// One frame of a slice.
enum SliceFrame<D, R> {
    Item(D),
    Reply(R),
}

impl<M: Get> GetStream<M> {
    pub(crate) fn send(sender: Sender, handle: Arc<Handle>, request: M) -> Self {
        let mut stream = Self {
            frames: Frames::new(&sender.shared, M::NAME, sender.timeout),
            sender,
            _handle: handle,
            request,
            state: GetState::Running,
            epoch: 0,
            rounds: 0,
            empty_rounds: 0,
            cursor: None,
            reply: None,
        };
        stream.request_slice();
        stream
    }

    /// Returns the next item, or `None` at the end.
    ///
    /// # Errors
    /// Those of a [`DumpStream`](crate::calls::DumpStream), and kind `Api` if VPP refuses the
    /// request.
    ///
    /// # Cancel safety
    /// Dropping the future loses no item.
    pub async fn next(&mut self) -> Option<Result<M::Details, Error>> {
        std::future::poll_fn(|cx| self.poll_item(cx)).await
    }

    /// Collects all items.
    ///
    /// # Errors
    /// The first error. The items before it are dropped.
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

    /// VPP's last reply, available after the stream has ended without an error.
    #[must_use]
    pub fn reply(&self) -> Option<&M::Reply> {
        self.reply.as_ref()
    }

    /// The last cursor from VPP, if its replies have one.
    #[must_use]
    pub fn cursor(&self) -> Option<u32> {
        self.cursor
    }

    fn request_slice(&mut self) {
        let pattern = const { &ReplyPattern::get::<M>() };
        self.state = match self.sender.send(&self.request, pattern) {
            Ok(queued) => self.follow(&queued),
            Err(unsent) => GetState::Unsent(unsent),
        };
    }

    fn follow(&mut self, queued: &QueuedRequest) -> GetState {
        self.frames.follow(queued);
        if self.rounds > 0 && queued.epoch != self.epoch {
            // The cursor is not valid for a VPP that was started since.
            let error = Error::disconnected(M::NAME, Effect::Unknown, None);
            return self.failed(error);
        }
        self.epoch = queued.epoch;
        self.rounds += 1;
        GetState::Running
    }

    fn failed(&mut self, error: Error) -> GetState {
        self.frames.end(Some(&error));
        GetState::Unsent(self.sender.failed(error))
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<M::Details, Error>>> {
        loop {
            match &mut self.state {
                GetState::Running => {}
                GetState::Ended => return Poll::Ready(None),
                GetState::Unsent(unsent) => match unsent.poll(&self.frames.shared, cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Ok(queued)) => {
                        self.state = self.follow(&queued);
                        continue;
                    }
                    Poll::Ready(Err(error)) => {
                        self.state = GetState::Ended;
                        return Poll::Ready(error.map(Err));
                    }
                },
            }
            let frame = match self.frames.poll_ready(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) => self.take_frame(),
                Poll::Ready(Err(error)) => Err(error),
            };
            match frame {
                Ok(SliceFrame::Item(item)) => {
                    self.empty_rounds = 0;
                    return Poll::Ready(Some(Ok(item)));
                }
                Ok(SliceFrame::Reply(reply)) => {
                    self.frames.end(None);
                    self.continue_after(reply);
                }
                Err(error) => self.state = self.failed(error),
            }
        }
    }

    fn take_frame(&mut self) -> Result<SliceFrame<M::Details, M::Reply>, Error> {
        let item = self.frames.item;
        match self.frames.take() {
            Some(frame) if frame.id() == item => {
                Ok(SliceFrame::Item(decode_payload(frame.payload)?.1))
            }
            Some(frame) => match decode_payload::<M::Reply>(frame.payload) {
                Ok((_, reply)) => Ok(SliceFrame::Reply(reply)),
                Err(error) => Err(undecodable_reply::<M::Reply>(M::NAME, frame.payload, error)),
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
            VppError::EAGAIN if cursor.is_some() && self.makes_progress(cursor) => {
                self.cursor = cursor;
                self.request.set_cursor(cursor.unwrap_or(END));
                return self.request_slice();
            }
            // The vector is empty, or has no items after the slice before.
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

    /// Whether the number of empty slices in a row is below its limit.
    fn makes_progress(&mut self, cursor: Option<u32>) -> bool {
        self.empty_rounds = if cursor == self.cursor {
            self.empty_rounds + 1
        } else {
            0
        };
        self.empty_rounds < MAX_EMPTY_ROUNDS
    }
}

// No field of the stream is pinned.
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
