use std::fmt;
use std::path::PathBuf;

use crate::api::InterfaceIndex;
use crate::api::interface::Interface;

/// Numbers that VPP chose, as far as this walk has found them.
///
/// They are valid for one connection: a VPP that was restarted gives the same numbers to other
/// objects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers {
    /// The interface of the memif or vhost-user step.
    pub interface: Option<InterfaceIndex>,
    /// The memif socket.
    pub socket_id: Option<u32>,
    /// The file of the memif socket, where its name is relative to VPP's runtime folder.
    pub(super) socket_file: Option<PathBuf>,
    /// The bridge domain.
    pub bridge_id: Option<u32>,
    /// The loopback that has the network's gateway addresses.
    pub gateway: Option<InterfaceIndex>,
    /// Whether this walk has created the interface, so that nothing of it is done yet. VPP
    /// keeps some settings of an earlier interface with the same number, and shows them.
    pub(super) is_new: bool,
    /// What VPP showed of the interface when this walk looked, for the steps after it.
    pub(super) shown: Option<Interface>,
}

impl Numbers {
    /// Numbers of an earlier run, where the interface and its socket are looked for first.
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

/// A number after a space, or nothing while VPP has not chosen it.
pub(super) struct Number(pub(super) Option<u32>);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |number| write!(f, " {number}"))
    }
}
