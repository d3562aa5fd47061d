//! memif sockets: ids of socket file names.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use vpp_wire::VppError;

use super::socket_file::{self, MemifListener};
use super::{Outcome, Pool, VppState};
use crate::Release;

/// One entry of `memif_socket_filename_dump`, and its users.
#[derive(Debug)]
pub struct MemifSocket {
    /// Its id.
    pub id: u32,
    /// The name. A relative name is prefixed with the runtime folder.
    pub filename: String,
    /// Whether masters use it.
    pub(super) is_listener: bool,
    /// VPP's count of users, which is off by one after a failed listen.
    pub(super) references: i32,
    /// The ids of memifs on this socket.
    pub(super) members: HashSet<u32>,
    /// The listener of its masters.
    pub(super) listener: Listener,
}

/// The state of a memif socket's listener.
#[derive(Debug, Default)]
pub(super) enum Listener {
    /// No listener was opened.
    #[default]
    None,
    /// The listener is open.
    Open(MemifListener),
    /// Opening failed and VPP kept a closed socket. Closing it again crashes VPP.
    Broken,
}

/// The memif sockets in the order they were added, indexed by id.
#[derive(Debug, Default)]
pub struct MemifSockets {
    sockets: Pool<MemifSocket>,
    slots: HashMap<u32, u32>,
    /// The abstract names with a listener, including their network namespace.
    pub(super) abstract_names: HashSet<String>,
}

impl VppState {
    /// All memif sockets, oldest first. VPP uses the order of a hash table.
    pub fn memif_sockets(&self) -> impl Iterator<Item = &MemifSocket> {
        self.memif_sockets.sockets.values()
    }

    pub(super) fn memif_socket_mut(&mut self, id: u32) -> Option<&mut MemifSocket> {
        let slot = *self.memif_sockets.slots.get(&id)?;
        self.memif_sockets.sockets.get_mut(slot)
    }

    fn has_memif_socket(&self, id: u32) -> bool {
        self.memif_sockets.slots.contains_key(&id)
    }

    /// Adds the default socket, id 0, which always exists.
    pub(super) fn add_default_memif_socket(&mut self) {
        let filename = self.runtime_dir.join("memif.sock");
        self.insert_memif_socket(0, filename.to_string_lossy().into_owned());
    }

    fn insert_memif_socket(&mut self, id: u32, filename: String) {
        let slot = self.memif_sockets.sockets.insert(MemifSocket {
            id,
            filename,
            is_listener: false,
            references: 0,
            members: HashSet::new(),
            listener: Listener::None,
        });
        self.memif_sockets.slots.insert(id, slot);
    }

    /// A free socket id, for `memif_socket_filename_add_del_v2` with id ~0.
    pub(crate) fn unused_memif_socket_id(&mut self) -> u32 {
        loop {
            let id = self.memif_socket_ids.next();
            if id != 0 && id != u32::MAX && !self.has_memif_socket(id) {
                return id;
            }
        }
    }

    /// Adds a socket. Adding the same id and name again succeeds.
    pub(crate) fn add_memif_socket(&mut self, id: u32, name: &str) -> Outcome {
        if id == 0 || id == u32::MAX || name.is_empty() {
            return Err(VppError::INVALID_ARGUMENT);
        }
        let filename = self.resolve_memif_name(name)?;
        match self.memif_socket_mut(id) {
            Some(socket) if socket.filename == filename => Ok(()),
            Some(_) => Err(VppError::ENTRY_ALREADY_EXISTS),
            None => {
                self.insert_memif_socket(id, filename);
                Ok(())
            }
        }
    }

    /// Resolves a name. Up to v23.02 the folder of an absolute name must exist, and prefixes
    /// are not supported.
    fn resolve_memif_name(&self, name: &str) -> Result<String, VppError> {
        let supports_prefixes = self.release > Release::V23_02;
        if name.starts_with('/') {
            let folder = Path::new(name).parent();
            let missing = folder.is_some_and(|folder| !folder.is_dir());
            if missing && !supports_prefixes {
                return Err(VppError::INVALID_ARGUMENT);
            }
            return Ok(name.to_owned());
        }
        if supports_prefixes && socket_file::has_prefix(name) {
            return Ok(name.to_owned());
        }
        let path = self.runtime_dir.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|_| VppError::SYSCALL_ERROR_1)?;
        }
        Ok(path.to_string_lossy().into_owned())
    }

    /// Listens on the name of a socket as the simulated release does.
    pub(super) fn listen_memif(&mut self, name: &str) -> Result<MemifListener, VppError> {
        if self.release <= Release::V23_02 {
            return socket_file::listen_memif_v22_10(name);
        }
        let listener = socket_file::listen_memif(name)?;
        if let MemifListener::Abstract(name) = &listener
            && !self.memif_sockets.abstract_names.insert(name.clone())
        {
            return Err(VppError::SYSCALL_ERROR_4);
        }
        Ok(listener)
    }

    /// Closes the listener of a socket without memifs. As in VPP, its file remains.
    pub(super) fn close_memif_listener(&mut self, listener: Listener) {
        if let Listener::Open(MemifListener::Abstract(name)) = listener {
            self.memif_sockets.abstract_names.remove(&name);
        }
    }

    /// Deletes a socket that is unused by VPP's count.
    pub(crate) fn delete_memif_socket(&mut self, id: u32) -> Outcome {
        if id == 0 || id == u32::MAX {
            return Err(VppError::INVALID_ARGUMENT);
        }
        let socket = self
            .memif_socket_mut(id)
            .ok_or(VppError::INVALID_ARGUMENT)?;
        if socket.references > 0 {
            return Err(VppError::UNEXPECTED_INTF_STATE);
        }
        let listener = std::mem::take(&mut socket.listener);
        self.close_memif_listener(listener);
        if let Some(slot) = self.memif_sockets.slots.remove(&id) {
            self.memif_sockets.sockets.remove(slot);
        }
        Ok(())
    }
}
