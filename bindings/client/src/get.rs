use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use vpp_wire::{Get, Reply, VppError, decode_payload};

use crate::ids::{Shape, Spec};
use crate::inflow::Inflow;
use crate::version::Explained;
use crate::{Client, Error};

/// The cursor behind the last item.
const END: u32 = u32::MAX;
/// How many rounds in a row may bring neither an item nor another cursor.
const FRUITLESS: u32 = 16;

/// The items that answer a cursor request, as a [`Stream`].
///
/// VPP gives such items in slices and names the cursor to go on from; the stream asks
/// for the next slice once the one before is read. Limits, timeout and errors are those
/// of a [`DumpStream`](crate::DumpStream).
#[must_use = "a stream is read by polling it"]
pub struct GetStream<M: Get> {
    inflow: Inflow,
    /// The connection stays between two slices, when nothing is in flight.
    _client: Client,
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
    Ended,
    Failed(Explained),
}

/// One step through the frames of a slice.
enum Step<D, R> {
    Item(D),
    Reply(R),
}

impl<M: Get> GetStream<M> {
    pub(crate) fn new(client: Client, request: M) -> Self {
        let mut stream = Self {
            inflow: Inflow::new(Arc::clone(client.shared()), M::NAME, client.timeout()),
            _client: client,
            request,
            state: GetState::Running,
            epoch: 0,
            rounds: 0,
            fruitless: 0,
            cursor: None,
            reply: None,
        };
        if let Err(error) = stream.ask() {
            stream.state = GetState::Failed(Explained::new(&stream.inflow.shared, error));
        }
        stream
    }

    /// The next item; `None` at the end.
    ///
    /// # Errors
    /// As the stream's items, and VPP's own where the request is refused.
    pub async fn next(&mut self) -> Option<Result<M::Details, Error>> {
        std::future::poll_fn(|cx| self.poll_item(cx)).await
    }

    /// All items.
    ///
    /// # Errors
    /// The first error; what came before it is dropped.
    pub async fn all(mut self) -> Result<Vec<M::Details>, Error> {
        let mut items = Vec::new();
        while let Some(item) = self.next().await {
            items.push(item?);
        }
        Ok(items)
    }

    /// VPP's last reply, once the stream has ended well.
    #[must_use]
    pub fn reply(&self) -> Option<&M::Reply> {
        self.reply.as_ref()
    }

    /// The cursor that VPP named last, where its replies have one.
    #[must_use]
    pub fn cursor(&self) -> Option<u32> {
        self.cursor
    }

    fn ask(&mut self) -> Result<(), Error> {
        let shape = Shape::Get {
            item: Spec::of::<M::Details>(),
            reply: Spec::of::<M::Reply>(),
        };
        let (shared, timeout) = (&self.inflow.shared, self.inflow.timeout);
        let (call, epoch) = shared.submit(&self.request, shape, timeout)?;
        if self.rounds > 0 && epoch != self.epoch {
            // A cursor means nothing to a VPP that started anew.
            shared.release(call);
            return Err(Error::disconnected(M::NAME, None));
        }
        self.epoch = epoch;
        self.rounds += 1;
        self.inflow.follow(call);
        Ok(())
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<M::Details, Error>>> {
        loop {
            match &mut self.state {
                GetState::Running => {}
                GetState::Ended => return Poll::Ready(None),
                GetState::Failed(error) => return error.poll(cx).map(|error| error.map(Err)),
            }
            let step = match self.inflow.poll_ready(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) => self.step(),
                Poll::Ready(Err(error)) => Err(error),
            };
            let result = match step {
                Ok(Step::Item(item)) => {
                    self.fruitless = 0;
                    return Poll::Ready(Some(Ok(item)));
                }
                Ok(Step::Reply(reply)) => {
                    self.inflow.end();
                    self.go_on(reply)
                }
                Err(error) => Err(error),
            };
            if let Err(error) = result {
                self.inflow.give_up();
                self.state = GetState::Failed(Explained::new(&self.inflow.shared, error));
            }
        }
    }

    fn step(&mut self) -> Result<Step<M::Details, M::Reply>, Error> {
        let item = self.inflow.item;
        match self.inflow.take() {
            Some(frame) if frame.id() == item => Ok(Step::Item(decode_payload(frame.payload)?.1)),
            Some(frame) => Ok(Step::Reply(decode_payload(frame.payload)?.1)),
            None => Err(Error::closed("the stream has ended")),
        }
    }

    /// Ends the stream, or asks for the next slice.
    fn go_on(&mut self, reply: M::Reply) -> Result<(), Error> {
        let cursor = M::next_cursor(&reply);
        let first = self.rounds == 1;
        match VppError(reply.retval()) {
            VppError(0) => {}
            VppError::EAGAIN if cursor == Some(END) => {}
            VppError::EAGAIN if cursor.is_some() && self.progresses(cursor) => {
                self.cursor = cursor;
                self.request.set_cursor(cursor.unwrap_or(END));
                return self.ask();
            }
            // An empty vector, or nothing left behind the slice before.
            VppError::INVALID_VALUE if cursor == Some(END) || !first => {}
            _ => return Err(Error::api(M::NAME, reply)),
        }
        self.cursor = cursor;
        self.reply = Some(reply);
        self.state = GetState::Ended;
        Ok(())
    }

    /// Whether asking again can lead anywhere.
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
