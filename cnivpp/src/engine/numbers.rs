use std::fmt;
use std::path::PathBuf;

use crate::api::InterfaceIndex;
use crate::api::interface::Interface;

/// The numbers that VPP chose and that this walk has found.
///
/// They are valid for one connection: after a restart, VPP assigns the same numbers to other
/// objects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers {
    /// The interface of the memif or vhost-user step.
    pub interface: Option<InterfaceIndex>,
    /// The memif socket.
    pub socket_id: Option<u32>,
    /// The file of the memif socket, if its name is relative to VPP's runtime folder.
    pub(super) socket_file: Option<PathBuf>,
    /// The bridge domain.
    pub bridge_id: Option<u32>,
    /// The loopback that has the network's gateway addresses.
    pub gateway: Option<InterfaceIndex>,
    /// Whether this walk has created the interface, so that no setting needs to be looked up. VPP
    /// shows some settings of an earlier interface with the same index.
    pub(super) is_new: bool,
    /// The interface as VPP showed it during this walk, for the following steps.
    pub(super) shown: Option<Interface>,
}

impl Numbers {
    /// Numbers of an earlier run, with which the interface and its socket are looked up first.
    /// Each is used only after VPP has shown that it is this owner's.
    #[must_use]
    pub fn remembered(interface: Option<u32>, socket_id: Option<u32>) -> Self {
        Self {
            interface: interface.map(InterfaceIndex),
            socket_id,
            ..Self::default()
        }
    }
}

/// Formats a known number with a leading space. Formats an unknown one as nothing.
pub(super) struct Number(pub(super) Option<u32>);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |number| write!(f, " {number}"))
    }
}
