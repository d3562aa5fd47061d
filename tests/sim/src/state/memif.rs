//! memif interfaces.

use vpp_wire::VppError;

use super::memif_socket::Listener;
use super::{Crash, Interface, InterfaceKind, Mac, Outcome, VppState};

/// The parameters of `memif_create`.
#[derive(Debug, Clone, Default)]
pub struct MemifRequest {
    /// 0 is master, any other number is slave.
    pub role: u32,
    /// 0 is Ethernet, 1 is IP. Any other number crashes VPP.
    pub mode: u32,
    /// The id on the socket.
    pub id: u32,
    /// The id of the socket.
    pub socket_id: u32,
    /// A power of two. 0 means 1024.
    pub ring_size: u32,
    /// 0 means 2048.
    pub buffer_size: u16,
    /// Whether a slave copies packets.
    pub no_zero_copy: bool,
    /// All zero means a random address.
    pub mac: Mac,
    /// The secret that the peer must send.
    pub secret: String,
    /// Receive queues of a slave. 0 means 1.
    pub rx_queues: u8,
    /// Transmit queues of a slave. 0 means 1.
    pub tx_queues: u8,
}

/// One memif.
#[derive(Debug, Clone)]
pub struct Memif {
    /// Its interface.
    pub sw_if_index: u32,
    /// The parameters of its request, with defaults filled in.
    pub request: MemifRequest,
}

impl Memif {
    /// Whether it is a master.
    #[must_use]
    pub fn is_master(&self) -> bool {
        self.request.role == 0
    }
}

/// The reason why a memif was not created.
#[derive(Debug)]
pub(crate) enum MemifFailure {
    /// VPP refuses the request. The index is the one in the reply.
    Refused(VppError, u32),
    /// VPP crashes.
    Crash(Crash),
}

impl VppState {
    /// All memifs by instance.
    pub fn memifs(&self) -> impl Iterator<Item = &Memif> {
        self.memifs.values()
    }

    /// `memif_create`, with VPP's order of checks.
    pub(crate) fn create_memif(&mut self, mut request: MemifRequest) -> Result<u32, MemifFailure> {
        let refused = |error| MemifFailure::Refused(error, 0);
        let is_master = request.role == 0;
        if request.ring_size == 0 {
            request.ring_size = 1024;
        }
        if !request.ring_size.is_power_of_two() {
            return Err(refused(VppError::INVALID_ARGUMENT));
        }
        if request.buffer_size == 0 {
            request.buffer_size = 2048;
        }
        let queues = |requested: u8| if is_master { 0 } else { requested.max(1) };
        request.rx_queues = queues(request.rx_queues);
        request.tx_queues = queues(request.tx_queues);

        let random = self.macs.mac();
        let socket = self
            .memif_socket_mut(request.socket_id)
            .ok_or(refused(VppError::INVALID_ARGUMENT))?;
        if socket.references > 0 {
            let other_role = socket.is_listener != is_master;
            if other_role || socket.members.contains(&request.id) {
                return Err(refused(VppError::SUBIF_ALREADY_EXISTS));
            }
        }
        if request.mode > 1 {
            let mode = request.mode;
            return Err(MemifFailure::Crash(Crash(format!(
                "a memif of mode {mode}"
            ))));
        }
        let first = socket.references == 0;
        if first {
            socket.members.clear();
            socket.is_listener = is_master;
        }
        let filename = (first && is_master).then(|| socket.filename.clone());
        let listened = filename.map(|filename| self.listen_memif(&filename));
        let mut failed = None;
        if let Some(socket) = self.memif_socket_mut(request.socket_id) {
            match listened {
                Some(Ok(listener)) => socket.listener = Listener::Open(listener),
                Some(Err(error)) => {
                    socket.listener = Listener::Broken;
                    // VPP's cleanup releases a reference that it never took.
                    socket.references -= 1;
                    failed = Some(error);
                }
                None => {}
            }
            if failed.is_none() {
                socket.references += 1;
                socket.members.insert(request.id);
            }
        }

        let mac = match (request.mode, request.mac) {
            (0, [0, 0, 0, 0, 0, 0]) => Some(random),
            (0, mac) => Some(mac),
            _ => None,
        };
        let instance = self.memifs.next_index();
        let name = format!("memif{}/{}", request.socket_id, request.id);
        let index = self.add_interface(Interface::new(InterfaceKind::Memif(instance), name, mac));
        if let Some(error) = failed {
            self.remove_interface(index);
            return Err(MemifFailure::Refused(error, index));
        }
        self.memifs.insert(Memif {
            sw_if_index: index,
            request,
        });
        Ok(index)
    }

    /// `memif_delete`. Deleting a sub-interface deletes its memif.
    pub(crate) fn delete_memif(&mut self, sw_if_index: u32) -> Result<Outcome, Crash> {
        let Ok(hardware) = self.hardware(sw_if_index) else {
            return Ok(Err(VppError::INVALID_SW_IF_INDEX));
        };
        let (InterfaceKind::Memif(instance), index) = (hardware.kind, hardware.sw_if_index) else {
            return Ok(Err(VppError::INVALID_SW_IF_INDEX));
        };
        let Some(memif) = self.memifs.remove(instance) else {
            return Ok(Err(VppError::INVALID_SW_IF_INDEX));
        };
        self.remove_interface(index);
        if let Some(socket) = self.memif_socket_mut(memif.request.socket_id) {
            socket.members.remove(&memif.request.id);
            socket.references -= 1;
            if socket.references == 0 {
                if matches!(socket.listener, Listener::Broken) {
                    let id = socket.id;
                    return Err(Crash(format!(
                        "deletion of the last memif on socket {id}, which failed to listen"
                    )));
                }
                let listener = std::mem::take(&mut socket.listener);
                self.close_memif_listener(listener);
            }
        }
        Ok(Ok(()))
    }
}
