//! One run of VPP: its state, its clients, and what happens to each frame.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use vpp_wire::frame::MAX_PAYLOAD;

use super::frames::{Front, front};
use super::journal::Journal;
use super::spoil::Held;
use super::{Clients, Outbox, Table};
use crate::fault::{Fault, Plan};
use crate::handlers::{Call, Known, Routes};
use crate::state::State;
use crate::{FaultRule, Plugin, Release};

/// VPP reads this much before its event process can run.
const EVENT_STRETCH: usize = 4096;

/// What does not change from run to run.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) release: Release,
    pub(crate) runtime_dir: PathBuf,
    pub(crate) loopbacks: usize,
    pub(crate) seed: u32,
}

/// What a connection does after it has handed in its input.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    /// Reads on.
    Go,
    /// Waits before it hands in the rest.
    Wait(Duration),
    /// Keeps its input until VPP wakes.
    Pause,
    /// Reads no more.
    StopReading,
}

#[derive(Debug)]
pub(crate) struct Core {
    pub(super) settings: Settings,
    routes: Arc<Routes>,
    runs: u32,
    pub(crate) state: State,
    pub(crate) clients: Clients,
    pub(crate) table: Table,
    pub(crate) faults: Plan,
    pub(crate) journal: Journal,
    pub(super) held: Vec<Held>,
    /// Whether VPP hangs.
    paused: watch::Sender<bool>,
    scratch: Vec<u8>,
}

impl Core {
    pub(crate) fn new(settings: Settings, rules: Vec<FaultRule>, plugins: Vec<Plugin>) -> Self {
        let routes = Arc::new(Routes::new(plugins));
        Self {
            state: start(&settings, 0),
            table: Table::new(&routes, settings.release, settings.seed),
            settings,
            routes,
            runs: 0,
            clients: Clients::default(),
            faults: Plan::new(rules),
            journal: Journal::default(),
            held: Vec::new(),
            paused: watch::Sender::new(false),
            scratch: Vec::new(),
        }
    }

    pub(crate) fn release(&self) -> Release {
        self.settings.release
    }

    /// Starts VPP again: all connections close, ids change, the state is lost.
    pub(crate) fn restart(&mut self) {
        for client in self.clients.iter() {
            client.outbox.close(true);
        }
        self.runs += 1;
        let seed = self.settings.seed.wrapping_add(self.runs);
        self.clients = Clients::default();
        self.table = Table::new(&self.routes, self.settings.release, seed);
        self.state = start(&self.settings, self.runs);
        self.held.clear();
        self.set_paused(false);
    }

    /// Whether VPP hangs, for those who wait for its end.
    pub(crate) fn paused(&self) -> watch::Receiver<bool> {
        self.paused.subscribe()
    }

    /// Whether VPP hangs.
    pub(crate) fn is_paused(&self) -> bool {
        *self.paused.borrow()
    }

    /// Lets VPP hang, or wake.
    pub(crate) fn set_paused(&mut self, paused: bool) {
        self.paused.send_replace(paused);
    }

    /// VPP dies of a message and is started again.
    fn die(&mut self, reason: String) {
        tracing::error!(reason, "VPP dies of this; starting it again");
        self.journal.crash(reason);
        self.restart();
    }

    /// A connection is gone.
    pub(crate) fn hang_up(&mut self, slot: u32, outbox: &Arc<Outbox>) {
        if self.clients.remove(slot, outbox) {
            self.state.events.forget(Clients::index_of(slot));
        }
    }

    /// The next frame of this connection has had its delay.
    pub(crate) fn resume(&mut self, slot: u32) {
        if let Some(client) = self.clients.get_mut(slot) {
            client.resumed = true;
        }
    }

    /// Handles the whole frames in `input` and says how many bytes they were.
    pub(crate) fn input(&mut self, slot: u32, own: &Arc<Outbox>, input: &[u8]) -> (usize, Flow) {
        if own.lock().close_after {
            // VPP has restarted since this was read, or has closed the connection.
            return (input.len(), Flow::StopReading);
        }
        if self.is_paused() {
            return (0, Flow::Go);
        }
        let runs = self.runs;
        let (mut used, mut told) = (0, 0);
        let flow = loop {
            let (payload, size) = match front(&input[used..], MAX_PAYLOAD) {
                Front::Partial => break Flow::Go,
                Front::Frame(payload, size) => (payload, size),
                Front::TooLarge(length) => {
                    tracing::warn!(slot, length, "a frame too large for the simulator");
                    own.close(false);
                    break Flow::StopReading;
                }
                Front::Fatal(length) => {
                    self.die(format!("a frame of {length:#x} bytes"));
                    break Flow::StopReading;
                }
            };
            let flow = self.frame(slot, own, payload);
            match flow {
                Flow::Wait(pause) => break Flow::Wait(pause),
                Flow::Pause => break Flow::Go,
                Flow::Go | Flow::StopReading => {}
            }
            used += size;
            if self.runs != runs || flow == Flow::StopReading {
                break Flow::StopReading;
            }
            if used - told >= EVENT_STRETCH {
                self.tell_events();
                told = used;
            }
        };
        self.tell_events();
        (used, flow)
    }

    /// Handles one frame, or leaves it for later.
    fn frame(&mut self, slot: u32, own: &Arc<Outbox>, payload: &[u8]) -> Flow {
        let id = payload
            .first_chunk()
            .map_or(0, |id| u16::from_be_bytes(*id));
        let Some(known) = self.table.get(id) else {
            tracing::warn!(slot, id, "dropped: no message has this id");
            return Flow::Go;
        };
        let client = self.clients.get_mut(slot);
        let resumed = client.is_some_and(|client| std::mem::take(&mut client.resumed));
        let fault = if resumed {
            None
        } else {
            self.faults.take(known.name)
        };
        match fault {
            Some(Fault::Delay(pause)) => return Flow::Wait(pause),
            Some(Fault::Pause) => {
                // Once VPP wakes, the message is handled as if nothing had been.
                self.resume(slot);
                self.set_paused(true);
                return Flow::Pause;
            }
            _ => {}
        }
        self.journal.request(known.name);
        tracing::trace!(slot, name = known.name, bytes = payload.len(), "request");
        if let Some(fault) = &fault {
            tracing::info!(slot, name = known.name, ?fault, "fault");
        }
        match fault {
            Some(Fault::Lose) => return Flow::Go,
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

        self.answer(slot, own, payload, known, fault)
    }

    /// Has a request handled and sends what comes of it, or what the fault makes of that.
    fn answer(
        &mut self,
        slot: u32,
        own: &Arc<Outbox>,
        payload: &[u8],
        known: Known,
        fault: Option<Fault>,
    ) -> Flow {
        let refuse = match fault {
            Some(Fault::Retval(retval)) => Some(retval),
            _ => None,
        };
        let routes = self.routes.clone();
        let mut out = std::mem::take(&mut self.scratch);
        out.clear();
        let mut call = Call::new(self, slot, known, refuse, &mut out);
        if let Err(error) = routes.handle(&mut call, payload) {
            tracing::warn!(slot, %error, "dropped");
        }
        let to = call.destination();
        let leaving = call.leaving().zip(to.clone());
        if let Some(reason) = call.died() {
            self.die(reason);
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
                // The own connection writes anyway when all frames are handled.
                to.lock().bytes.extend_from_slice(&out);
                if !Arc::ptr_eq(&to, own) {
                    to.wake();
                }
                Flow::Go
            }
            (Some(fault), to) => self.spoil(fault, to, own, &mut out),
            (None, None) => Flow::Go,
        };
        self.scratch = out;
        let Some((slot, outbox)) = leaving else {
            return flow;
        };
        self.clients.free(slot);
        self.state.events.forget(Clients::index_of(slot));
        outbox.close(false);
        if Arc::ptr_eq(&outbox, own) {
            Flow::StopReading
        } else {
            flow
        }
    }
}

fn start(settings: &Settings, runs: u32) -> State {
    let seed = settings.seed.wrapping_add(runs);
    let mut state = State::new(settings.release, settings.runtime_dir.clone(), seed);
    if let Err(error) = state.add_loopbacks(settings.loopbacks) {
        tracing::warn!(%error, "not all loopbacks were created");
    }
    state
}
