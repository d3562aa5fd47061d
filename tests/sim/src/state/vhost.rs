//! vhost-user interfaces.

use std::os::fd::OwnedFd;

use vpp_wire::VppError;

use super::{Interface, InterfaceKind, Mac, Outcome, VppState, socket_file};

/// The parameters of `create_vhost_user_if` and `modify_vhost_user_if`.
#[derive(Debug, Clone, Default)]
pub struct VhostRequest {
    /// Whether VPP listens instead of connecting.
    pub is_server: bool,
    /// The socket file.
    pub sock_filename: String,
    /// The number in the name. `None` uses the instance.
    pub instance: Option<u32>,
    /// The MAC address. `None` generates one.
    pub mac: Option<Mac>,
    /// The tag, or empty for none.
    pub tag: String,
    /// Generic segmentation offload.
    pub enable_gso: bool,
    /// Packed rings.
    pub enable_packed: bool,
    /// Event index.
    pub enable_event_idx: bool,
}

/// One vhost-user interface.
#[derive(Debug)]
pub struct Vhost {
    /// Its interface.
    pub sw_if_index: u32,
    /// The parameters of the last request.
    pub request: VhostRequest,
    listener: Option<OwnedFd>,
}

impl Vhost {
    /// Whether it listens.
    #[must_use]
    pub fn is_server(&self) -> bool {
        self.listener.is_some()
    }

    /// The errno of a client's last attempt to connect.
    ///
    /// The simulator never connects: it reports ENOENT if the file is missing, and otherwise
    /// ECONNREFUSED.
    #[must_use]
    pub fn sock_errno(&self) -> i32 {
        match (
            self.is_server(),
            std::fs::exists(&self.request.sock_filename),
        ) {
            (true, _) => 0,
            (false, Ok(true)) => 111,
            (false, _) => 2,
        }
    }
}

impl VppState {
    /// All vhost-user interfaces by instance.
    pub fn vhosts(&self) -> impl Iterator<Item = &Vhost> {
        self.vhosts.values()
    }

    fn vhost_on(&self, path: &str) -> Option<&Vhost> {
        self.vhosts.get(*self.vhost_files.get(path)?)
    }

    /// `create_vhost_user_if`. Returns the index, or the error with the index in the reply.
    pub(crate) fn create_vhost(&mut self, request: VhostRequest) -> Result<u32, (VppError, u32)> {
        if request.sock_filename.is_empty() {
            return Err((VppError::INVALID_ARGUMENT, u32::MAX));
        }
        if let Some(other) = self.vhost_on(&request.sock_filename) {
            return Err((VppError::IF_ALREADY_EXISTS, other.sw_if_index));
        }
        let listener = listen(&request).map_err(|error| (error, u32::MAX))?;
        let instance = self.vhosts.next_index();
        let mac = request.mac.unwrap_or_else(|| self.macs.mac());
        let kind = InterfaceKind::Vhost(instance);
        let mut interface = Interface::new(kind, name(instance), Some(mac));
        interface.tag.clone_from(&request.tag);
        let sw_if_index = self.add_interface(interface);
        // As in VPP, the stats segment keeps the name that the interface was created with.
        if let (Some(number), Ok(interface)) = (request.instance, self.interface_mut(sw_if_index)) {
            interface.name = name(number);
        }
        self.vhost_files
            .insert(request.sock_filename.clone(), instance);
        self.vhosts.insert(Vhost {
            sw_if_index,
            request,
            listener,
        });
        Ok(sw_if_index)
    }

    /// `modify_vhost_user_if`. Changes the socket of an interface.
    pub(crate) fn modify_vhost(&mut self, sw_if_index: u32, request: VhostRequest) -> Outcome {
        let instance = self.vhost_instance(sw_if_index)?;
        if request.sock_filename.is_empty() {
            return Err(VppError::INVALID_ARGUMENT);
        }
        let own = self.interface(sw_if_index)?.parent;
        let other = self.vhost_on(&request.sock_filename);
        if other.is_some_and(|other| other.sw_if_index != own) {
            return Err(VppError::IF_ALREADY_EXISTS);
        }
        let listener = listen(&request)?;
        let renumbered = request.instance;
        if let Some(vhost) = self.vhosts.get_mut(instance) {
            // As in VPP, opens the new socket and then removes the old file, even if both are
            // the same.
            vhost.close();
            self.vhost_files.remove(&vhost.request.sock_filename);
            self.vhost_files
                .insert(request.sock_filename.clone(), instance);
            vhost.request = request;
            vhost.listener = listener;
        }
        if let (Some(number), Ok(interface)) = (renumbered, self.interface_mut(own)) {
            interface.name = name(number);
        }
        Ok(())
    }

    /// `delete_vhost_user_if`
    pub(crate) fn delete_vhost(&mut self, sw_if_index: u32) -> Outcome {
        let instance = self.vhost_instance(sw_if_index)?;
        if let Some(mut vhost) = self.vhosts.remove(instance) {
            vhost.close();
            self.vhost_files.remove(&vhost.request.sock_filename);
            self.remove_interface(vhost.sw_if_index);
        }
        Ok(())
    }

    fn vhost_instance(&self, sw_if_index: u32) -> Result<u32, VppError> {
        match self.hardware(sw_if_index)?.kind {
            InterfaceKind::Vhost(instance) => Ok(instance),
            _ => Err(VppError::INVALID_SW_IF_INDEX),
        }
    }
}

impl Vhost {
    fn close(&mut self) {
        if self.listener.take().is_some() {
            socket_file::remove_vhost(&self.request.sock_filename);
        }
    }
}

fn listen(request: &VhostRequest) -> Result<Option<OwnedFd>, VppError> {
    request
        .is_server
        .then(|| socket_file::listen_vhost(&request.sock_filename))
        .transpose()
}

fn name(number: u32) -> String {
    format!("VirtualEthernet0/0/{number}")
}
