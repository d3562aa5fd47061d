//! One run of VPP: its state, its clients and the handling of each frame.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use vpp_wire::frame::MAX_PAYLOAD;

use super::frames::{Front, front};
use super::journal::Journal;
use crate::fault::{Fault, FaultPlan};
use crate::handlers::{Call, Dispatcher, dispatcher};
use crate::run::{Clients, KnownMessage, MessageTable, Outbox, Run};
use crate::state::VppState;
use crate::stats::Stats;
use crate::{FaultRule, Plugin, Release};

/// The number of bytes that VPP reads before its event process can run.
const EVENT_INTERVAL: usize = 4096;

/// The settings that stay the same across restarts.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) release: Release,
    pub(crate) runtime_dir: PathBuf,
    pub(crate) loopbacks: usize,
    pub(crate) seed: u32,
    /// The stats segment, which is another one after a restart.
    pub(crate) stats: Option<Arc<Stats>>,
}

/// What a connection does after the core has handled its input.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    /// Continues to read.
    Continue,
    /// Waits before it passes on the rest of its input.
    Wait(Duration),
    /// Keeps its input until VPP resumes.
    Pause,
    /// Stops reading.
    StopReading,
}

/// A reply that a fault holds back.
#[derive(Debug)]
pub(super) struct HeldReply {
    pub(super) outbox: Arc<Outbox>,
    pub(super) bytes: Vec<u8>,
}

#[derive(Debug)]
pub(crate) struct Core {
    pub(super) settings: Settings,
    dispatcher: Arc<Dispatcher>,
    runs: u32,
    pub(crate) run: Run,
    pub(crate) journal: Journal,
    pub(super) held: Vec<HeldReply>,
    /// Whether VPP hangs.
    paused: watch::Sender<bool>,
    scratch: Vec<u8>,
}

impl Core {
    pub(crate) fn new(settings: Settings, rules: Vec<FaultRule>, plugins: Vec<Plugin>) -> Self {
        let dispatcher = Arc::new(dispatcher(plugins));
        Self {
            run: Run {
                release: settings.release,
                state: start(&settings, 0),
                clients: Clients::default(),
                table: MessageTable::new(dispatcher.known(), settings.release, settings.seed),
                faults: FaultPlan::new(rules),
            },
            settings,
            dispatcher,
            runs: 0,
            journal: Journal::default(),
            held: Vec::new(),
            paused: watch::Sender::new(false),
            scratch: Vec::new(),
        }
    }

    /// Restarts VPP: all connections close, message ids change, the state is lost.
    pub(crate) fn restart(&mut self) {
        for client in self.run.clients.iter() {
            client.outbox.close(true);
        }
        self.runs += 1;
        let seed = self.settings.seed.wrapping_add(self.runs);
        self.run.clients = Clients::default();
        self.run.table = MessageTable::new(self.dispatcher.known(), self.settings.release, seed);
        if let Some(stats) = &self.settings.stats {
            stats.begin_run();
        }
        self.run.state = start(&self.settings, self.runs);
        if let Some(stats) = &self.settings.stats {
            stats.publish();
        }
        self.held.clear();
        self.set_paused(false);
    }

    /// Watches whether VPP hangs.
    pub(crate) fn paused(&self) -> watch::Receiver<bool> {
        self.paused.subscribe()
    }

    /// Whether VPP hangs.
    pub(crate) fn is_paused(&self) -> bool {
        *self.paused.borrow()
    }

    /// Makes VPP hang or resume.
    pub(crate) fn set_paused(&mut self, paused: bool) {
        self.paused.send_replace(paused);
        if let Some(stats) = &self.settings.stats {
            stats.set_paused(paused);
        }
    }

    /// Records a crash of VPP and restarts it.
    fn crash(&mut self, reason: String) {
        tracing::error!(reason, "a real VPP crashes: restarting");
        self.journal.add_crash(reason);
        self.restart();
    }

    /// Removes a connection that has closed.
    pub(crate) fn disconnect(&mut self, slot: u32, outbox: &Arc<Outbox>) {
        if self.run.clients.remove(slot, outbox) {
            self.run.state.events.remove_client(Clients::index_of(slot));
        }
    }

    /// Marks the next frame of this connection as delayed, so that no fault applies to it again.
    pub(crate) fn mark_delayed(&mut self, slot: u32) {
        if let Some(client) = self.run.clients.get_mut(slot) {
            client.is_delayed = true;
        }
    }

    /// Handles the complete frames in `input` and returns their length in bytes.
    pub(crate) fn handle_input(
        &mut self,
        slot: u32,
        own: &Arc<Outbox>,
        input: &[u8],
    ) -> (usize, Flow) {
        if own.lock().close_after {
            // VPP has restarted or closed the connection since this was read.
            return (input.len(), Flow::StopReading);
        }
        if self.is_paused() {
            return (0, Flow::Continue);
        }
        let runs = self.runs;
        let (mut used, mut used_at_events) = (0, 0);
        let flow = loop {
            let (payload, size) = match front(&input[used..], MAX_PAYLOAD) {
                Front::Partial => break Flow::Continue,
                Front::Frame(payload, size) => (payload, size),
                Front::TooLarge(length) => {
                    tracing::warn!(slot, length, "the frame is too large for the simulator");
                    own.close(false);
                    break Flow::StopReading;
                }
                Front::Fatal(length) => {
                    self.crash(format!("a frame of {length:#x} bytes"));
                    break Flow::StopReading;
                }
            };
            let flow = self.handle_frame(slot, own, payload);
            match flow {
                Flow::Wait(delay) => break Flow::Wait(delay),
                Flow::Pause => break Flow::Continue,
                Flow::Continue | Flow::StopReading => {}
            }
            used += size;
            if self.runs != runs || flow == Flow::StopReading {
                break Flow::StopReading;
            }
            if used - used_at_events >= EVENT_INTERVAL {
                self.send_events();
                used_at_events = used;
            }
        };
        self.send_events();
        (used, flow)
    }

    /// Handles one frame, unless a fault delays it.
    fn handle_frame(&mut self, slot: u32, own: &Arc<Outbox>, payload: &[u8]) -> Flow {
        let id = payload
            .first_chunk()
            .map_or(0, |id| u16::from_be_bytes(*id));
        let Some(known) = self.run.table.get(id) else {
            tracing::warn!(slot, id, "dropped: no message has this id");
            return Flow::Continue;
        };
        let client = self.run.clients.get_mut(slot);
        let was_delayed = client.is_some_and(|client| std::mem::take(&mut client.is_delayed));
        let fault = if was_delayed {
            None
        } else {
            self.run.faults.take(known.name)
        };
        match fault {
            Some(Fault::Delay(delay)) => return Flow::Wait(delay),
            Some(Fault::Pause) => {
                // After the pause the message is handled without a fault.
                self.mark_delayed(slot);
                self.set_paused(true);
                return Flow::Pause;
            }
            _ => {}
        }
        self.journal.add_request(known.name);
        tracing::trace!(slot, name = known.name, bytes = payload.len(), "request");
        if let Some(fault) = &fault {
            tracing::info!(slot, name = known.name, ?fault, "fault");
        }
        match fault {
            Some(Fault::Lose) => return Flow::Continue,
            Some(Fault::CloseBefore) => {
                own.close(true);
                return Flow::StopReading;
            }
            Some(Fault::Restart) => {
                self.restart();
                return Flow::StopReading;
            }
            Some(Fault::KillBefore) => return self.kill(slot, own, known.name),
            _ => {}
        }

        self.handle_request(slot, own, payload, known, fault)
    }

    /// Handles a request and sends the reply, changed by the fault.
    fn handle_request(
        &mut self,
        slot: u32,
        own: &Arc<Outbox>,
        payload: &[u8],
        known: KnownMessage,
        fault: Option<Fault>,
    ) -> Flow {
        let refuse = match fault {
            Some(Fault::Retval(retval)) => Some(retval),
            _ => None,
        };
        let dispatcher = self.dispatcher.clone();
        let mut out = std::mem::take(&mut self.scratch);
        out.clear();
        let mut call = Call::new(&mut self.run, slot, known, refuse, &mut out);
        if let Err(error) = dispatcher.handle(&mut call, payload) {
            tracing::warn!(slot, %error, "dropped");
        }
        let to = call.destination();
        let unregistered = call.unregistered().zip(to.clone());
        if let Some(reason) = call.into_crash() {
            self.crash(reason);
            return Flow::StopReading;
        }
        match fault {
            Some(Fault::KillAfter) => {
                self.scratch = out;
                return self.kill(slot, own, known.name);
            }
            Some(Fault::RestartAfter) => {
                self.restart();
                return Flow::StopReading;
            }
            _ => {}
        }
        let flow = match (fault, to) {
            (None, Some(to)) => {
                // This connection writes after all its frames are handled.
                to.lock().bytes.extend_from_slice(&out);
                if !Arc::ptr_eq(&to, own) {
                    to.wake();
                }
                Flow::Continue
            }
            (Some(fault), to) => self.apply_fault(fault, to, own, &mut out),
            (None, None) => Flow::Continue,
        };
        self.scratch = out;
        let Some((slot, outbox)) = unregistered else {
            return flow;
        };
        self.run.clients.free(slot);
        self.run.state.events.remove_client(Clients::index_of(slot));
        outbox.close(false);
        if Arc::ptr_eq(&outbox, own) {
            Flow::StopReading
        } else {
            flow
        }
    }
}

fn start(settings: &Settings, runs: u32) -> VppState {
    let seed = settings.seed.wrapping_add(runs);
    let mut state = VppState::new(settings.release, settings.runtime_dir.clone(), seed);
    if let Some(stats) = &settings.stats {
        state.publish_to(stats.clone());
    }
    if let Err(error) = state.add_loopbacks(settings.loopbacks) {
        tracing::warn!(%error, "not all loopbacks were created");
    }
    state
}
