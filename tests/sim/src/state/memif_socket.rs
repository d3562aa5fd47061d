//! memif sockets: ids for socket file names.

use std::collections::HashSet;
use std::os::fd::OwnedFd;
use std::path::Path;

use vpp_wire::VppError;

use super::{Outcome, State, socket_file};
use crate::Release;

/// One entry of `memif_socket_filename_dump`, and who uses it.
#[derive(Debug)]
pub struct MemifSocket {
    /// Its id.
    pub id: u32,
    /// The name, with the runtime folder before it where it was relative.
    pub filename: String,
    /// Whether it is used by masters.
    pub(super) is_listener: bool,
    /// VPP's count of users; off by one after a failed listen.
    pub(super) references: i32,
    /// memif ids on this socket.
    pub(super) members: HashSet<u32>,
    /// The socket that masters listen on.
    pub(super) listener: Listener,
}

/// What became of a memif socket's listener.
#[derive(Debug, Default)]
pub(super) enum Listener {
    /// None was opened.
    #[default]
    None,
    /// It listens; abstract names have no descriptor here.
    Open(#[expect(dead_code, reason = "listens as long as it is held")] Option<OwnedFd>),
    /// Opening failed and VPP kept a closed socket, which it dies of closing again.
    Broken,
}

impl State {
    /// All memif sockets, the oldest first (VPP gives them in the order of a hash).
    pub fn memif_sockets(&self) -> impl Iterator<Item = &MemifSocket> {
        self.memif_sockets.values()
    }

    pub(super) fn memif_socket_mut(&mut self, id: u32) -> Option<&mut MemifSocket> {
        self.memif_sockets
            .values_mut()
            .find(|socket| socket.id == id)
    }

    fn has_memif_socket(&self, id: u32) -> bool {
        self.memif_sockets().any(|socket| socket.id == id)
    }

    /// The default socket, id 0, which is always there.
    pub(super) fn add_default_memif_socket(&mut self) {
        let filename = self.runtime_dir.join("memif.sock");
        self.insert_memif_socket(0, filename.to_string_lossy().into_owned());
    }

    fn insert_memif_socket(&mut self, id: u32, filename: String) {
        self.memif_sockets.insert(MemifSocket {
            id,
            filename,
            is_listener: false,
            references: 0,
            members: HashSet::new(),
            listener: Listener::None,
        });
    }

    /// A socket id that is free, for `memif_socket_filename_add_del_v2` with id ~0.
    pub(crate) fn unused_memif_socket_id(&mut self) -> u32 {
        loop {
            let id = self.memif_socket_ids.next();
            if id != 0 && id != u32::MAX && !self.has_memif_socket(id) {
                return id;
            }
        }
    }

    /// Adds a socket; the same id and name again is fine.
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

    fn resolve_memif_name(&self, name: &str) -> Result<String, VppError> {
        if socket_file::is_absolute(name) {
            let folder = Path::new(name).parent();
            let missing = name.starts_with('/') && folder.is_some_and(|folder| !folder.is_dir());
            if missing && self.release <= Release::V23_02 {
                return Err(VppError::INVALID_ARGUMENT);
            }
            return Ok(name.to_owned());
        }
        let path = self.runtime_dir.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|_| VppError::SYSCALL_ERROR_1)?;
        }
        Ok(path.to_string_lossy().into_owned())
    }

    /// Deletes a socket that VPP thinks is unused.
    pub(crate) fn delete_memif_socket(&mut self, id: u32) -> Outcome {
        if id == 0 || id == u32::MAX {
            return Err(VppError::INVALID_ARGUMENT);
        }
        let found = self
            .memif_sockets
            .iter()
            .find(|(_, socket)| socket.id == id);
        let (slot, socket) = found.ok_or(VppError::INVALID_ARGUMENT)?;
        if socket.references > 0 {
            return Err(VppError::UNEXPECTED_INTF_STATE);
        }
        self.memif_sockets.remove(slot);
        Ok(())
    }
}
