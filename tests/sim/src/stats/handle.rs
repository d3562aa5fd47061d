//! The stats segment as tests see it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::error::StatsError;
use super::interface_counter::InterfaceCounter;
use super::segment::{Change, Segment};
use super::signals::Signals;
use super::socket::Socket;
use crate::Release;

/// The stats segment of the simulated VPP, and the socket that hands it out.
///
/// The simulator keeps the interfaces in it up to date: a reply to a request is sent after the
/// segment has changed. Every other value is what a VPP without traffic has, until a method of
/// this type changes it.
///
/// After a restart of VPP there is a new segment. The old one remains readable and no longer
/// changes.
#[derive(Debug)]
pub struct Stats {
    release: Release,
    size: usize,
    segment: Mutex<Segment>,
    socket: Socket,
    signals: Signals,
}

impl Stats {
    /// Creates a segment and listens.
    pub(crate) fn new(release: Release, size: usize, path: PathBuf) -> io::Result<Self> {
        let mut segment = Segment::new(release, size)?;
        let socket = Socket::bind(path, segment.memfd())?;
        Ok(Self {
            release,
            size,
            segment: Mutex::new(segment),
            socket,
            signals: Signals::new()?,
        })
    }

    /// The path of the socket.
    #[must_use]
    pub fn socket(&self) -> &Path {
        self.socket.path()
    }

    /// Sets a counter of an interface. A counter of packets has no bytes: they must be 0.
    ///
    /// # Errors
    /// If the interface does not exist, the counter has no bytes, or the segment no longer
    /// changes.
    pub fn set_interface_counter(
        &self,
        sw_if_index: u32,
        counter: InterfaceCounter,
        packets: u64,
        bytes: u64,
    ) -> Result<(), StatsError> {
        let mut segment = self.segment();
        segment.change_interface(sw_if_index, counter, Change::Set, packets, bytes)
    }

    /// Adds to a counter of an interface, modulo 2⁶⁴. A counter of packets has no bytes: they
    /// must be 0.
    ///
    /// # Errors
    /// As [`set_interface_counter`](Self::set_interface_counter).
    pub fn add_interface_counter(
        &self,
        sw_if_index: u32,
        counter: InterfaceCounter,
        packets: u64,
        bytes: u64,
    ) -> Result<(), StatsError> {
        let mut segment = self.segment();
        segment.change_interface(sw_if_index, counter, Change::Add, packets, bytes)
    }

    /// Sets a scalar, a gauge, or the value that a symlink such as
    /// `/err/memif-input/bad_desc` points to. Of packets and bytes, it sets the packets and
    /// clears the bytes.
    ///
    /// # Errors
    /// If the segment has no such number or no longer changes.
    pub fn set_value(&self, name: &str, value: u64) -> Result<(), StatsError> {
        self.segment().change_value(name, Change::Set, value, 0)
    }

    /// Adds to a scalar, a gauge, or the value that a symlink points to, modulo 2⁶⁴. Of packets
    /// and bytes, it changes the packets.
    ///
    /// # Errors
    /// As [`set_value`](Self::set_value).
    pub fn add_value(&self, name: &str, value: u64) -> Result<(), StatsError> {
        self.segment().change_value(name, Change::Add, value, 0)
    }

    /// Runs VPP's collectors once, as VPP does every update interval: updates
    /// `/mem/stat segment` and `/sys/last_update`, and increments `/sys/heartbeat`.
    pub fn collect(&self) {
        self.segment().collect();
    }

    /// Increments the epoch, as VPP does when an entry is added, moved or removed. A client has
    /// to read the directory again.
    pub fn bump_epoch(&self) {
        self.segment().bump_epoch();
    }

    /// Makes VPP appear to be within an update (`in_progress`) until this is called with
    /// `false`. A client cannot read meanwhile.
    pub fn set_in_progress(&self, in_progress: bool) {
        self.segment().set_in_progress(in_progress);
    }

    /// Adds an interface.
    pub(crate) fn add_interface(&self, sw_if_index: u32, name: &str) {
        self.segment().add_interface(sw_if_index, name);
    }

    /// Removes an interface.
    pub(crate) fn remove_interface(&self, sw_if_index: u32) {
        self.segment().remove_interface(sw_if_index);
    }

    /// Begins another run of VPP with a new segment. Clients get it after
    /// [`publish`](Self::publish).
    pub(crate) fn begin_run(&self) {
        let mut segment = self.segment();
        match Segment::new(self.release, self.size) {
            Ok(new) => *segment = new,
            Err(error) => segment.stop(format!("cannot create another segment: {error}")),
        }
    }

    /// Replaces the socket file, and hands out the segment of this run from now on.
    pub(crate) fn publish(&self) {
        let memfd = self.segment().memfd();
        if let Err(error) = self.socket.replace(memfd) {
            tracing::error!(%error, "clients cannot get the stats segment");
        }
        self.signals.wake();
    }

    /// Makes VPP hang or resume: while it hangs, it accepts no client and has no heartbeat.
    pub(crate) fn set_paused(&self, paused: bool) {
        self.signals.set_paused(paused);
    }

    /// The signals to the thread that accepts clients.
    pub(super) fn signals(&self) -> &Signals {
        &self.signals
    }

    /// The socket, for the thread that accepts clients.
    pub(super) fn listening(&self) -> &Socket {
        &self.socket
    }

    fn segment(&self) -> MutexGuard<'_, Segment> {
        self.segment.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
