//! One connection: reads frames, passes them to the core, writes replies.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::Interest;
use tokio::net::UnixStream;
use tokio::sync::watch;

use super::core::Flow;
use super::shared::Shared;
use crate::run::Outbox;

/// The number of bytes per read.
const CHUNK: usize = 64 * 1024;

pub(crate) struct Connection {
    shared: Arc<Shared>,
    stream: UnixStream,
    outbox: Arc<Outbox>,
    slot: u32,
    /// Bytes that were read. Those from `start` on are not handled yet.
    input: Vec<u8>,
    start: usize,
    /// Bytes to write. Those from `written` on are not written yet.
    output: Vec<u8>,
    written: usize,
    reading: bool,
    /// Whether VPP hangs.
    paused: watch::Receiver<bool>,
}

impl Connection {
    pub(crate) fn new(shared: Arc<Shared>, stream: UnixStream) -> Self {
        let outbox = Arc::new(Outbox::default());
        let pid = stream.peer_cred().ok().and_then(|peer| peer.pid());
        let (slot, paused) = {
            let mut core = shared.core();
            (core.run.clients.add(outbox.clone(), pid), core.paused())
        };
        Self {
            shared,
            stream,
            outbox,
            slot,
            input: Vec::with_capacity(CHUNK),
            start: 0,
            output: Vec::with_capacity(CHUNK),
            written: 0,
            reading: true,
            paused,
        }
    }

    /// Serves the connection until either side closes it.
    pub(crate) async fn run(mut self) {
        if let Err(error) = self.serve().await {
            tracing::debug!(slot = self.slot, %error, "connection lost");
        }
        self.shared.core().disconnect(self.slot, &self.outbox);
    }

    async fn serve(&mut self) -> io::Result<()> {
        loop {
            if !self.write()? {
                return Ok(());
            }
            let writing = self.written < self.output.len();
            let reading = self.reading && !*self.paused.borrow_and_update();
            let interest = match (reading, writing) {
                (true, true) => Some(Interest::READABLE | Interest::WRITABLE),
                (true, false) => Some(Interest::READABLE),
                (false, true) => Some(Interest::WRITABLE),
                (false, false) => None,
            };
            let ready = async {
                match interest {
                    Some(interest) => self.stream.ready(interest).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                ready = ready => if ready?.is_readable() && !self.read()? {
                    return Ok(());
                },
                () = self.outbox.changed() => {}
                // The sender outlives the connection.
                _ = self.paused.changed() => {}
            }
            while let Some(delay) = self.handle() {
                self.delay(delay).await?;
            }
        }
    }

    /// Writes as much as the socket accepts. Returns false if the connection has to close.
    fn write(&mut self) -> io::Result<bool> {
        loop {
            if self.written == self.output.len() {
                self.output.clear();
                self.written = 0;
                let mut pending = self.outbox.lock();
                if pending.abort || pending.bytes.is_empty() {
                    return Ok(!pending.close_after);
                }
                std::mem::swap(&mut pending.bytes, &mut self.output);
            }
            match self.stream.try_write(&self.output[self.written..]) {
                Ok(count) => self.written += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return Ok(!self.outbox.lock().abort);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads one chunk. Returns false if the client has closed the connection.
    fn read(&mut self) -> io::Result<bool> {
        if self.start > 0 {
            self.input.drain(..self.start);
            self.start = 0;
        }
        self.input.reserve(CHUNK);
        match self.stream.try_read_buf(&mut self.input) {
            Ok(0) => Ok(false),
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Passes all complete frames to the core. Returns the delay of the first that has to wait.
    fn handle(&mut self) -> Option<Duration> {
        if !self.reading || self.start == self.input.len() {
            return None;
        }
        let (used, flow) = {
            let mut core = self.shared.core();
            core.handle_input(self.slot, &self.outbox, &self.input[self.start..])
        };
        self.shared.notify_requests();
        self.start += used;
        match flow {
            Flow::Wait(delay) => Some(delay),
            Flow::StopReading => {
                self.reading = false;
                None
            }
            Flow::Continue | Flow::Pause => None,
        }
    }

    /// Delays the next frame. Writes pending replies meanwhile.
    async fn delay(&mut self, delay: Duration) -> io::Result<()> {
        let end = tokio::time::Instant::now() + delay;
        loop {
            if !self.write()? {
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            tokio::select! {
                () = tokio::time::sleep_until(end) => break,
                () = self.outbox.changed() => {}
            }
        }
        self.shared.core().mark_delayed(self.slot);
        Ok(())
    }
}
