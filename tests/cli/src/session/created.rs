use std::fmt;
use std::path::PathBuf;

use cnivpp::api::{InterfaceIndex, MacAddress};
use ipnet::IpNet;

/// Something that this run has made, or has asked VPP to make.
///
/// Numbers that VPP chooses are `None` until VPP has told them; then the rest says by
/// what the thing is known again.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of the fields say all")]
pub enum Created {
    /// A folder for a socket file.
    Folder(PathBuf),
    /// A memif socket; `before` has the numbers that there were already, and with
    /// `listens` VPP makes the file.
    MemifSocket {
        id: Option<u32>,
        filename: String,
        before: Vec<u32>,
        listens: bool,
    },
    /// A memif.
    Memif {
        sw_if_index: Option<InterfaceIndex>,
        socket_id: u32,
        id: u32,
        mac: Option<MacAddress>,
    },
    /// A vhost-user interface; with `listens` VPP makes the file.
    VhostUser {
        sw_if_index: Option<InterfaceIndex>,
        filename: String,
        listens: bool,
    },
    /// An interface is up.
    AdminUp(InterfaceIndex),
    /// A bridge domain, which has this run's tag.
    Bridge { id: Option<u32> },
    /// An interface is in a bridge domain.
    Member {
        sw_if_index: InterfaceIndex,
        bridge: u32,
    },
    /// An interface has an address.
    Address {
        sw_if_index: InterfaceIndex,
        address: IpNet,
    },
}

impl Created {
    /// The interface that this is, or is about.
    pub(super) fn sw_if_index(&self) -> Option<InterfaceIndex> {
        match self {
            Self::Memif { sw_if_index, .. } | Self::VhostUser { sw_if_index, .. } => *sw_if_index,
            Self::AdminUp(sw_if_index)
            | Self::Member { sw_if_index, .. }
            | Self::Address { sw_if_index, .. } => Some(*sw_if_index),
            _ => None,
        }
    }

    /// The number of the socket or bridge domain that this is.
    pub(super) fn id(&self) -> Option<u32> {
        match self {
            Self::MemifSocket { id, .. } | Self::Bridge { id } => *id,
            _ => None,
        }
    }
}

impl fmt::Display for Created {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => write!(f, "folder {}", path.display()),
            Self::MemifSocket { id, filename, .. } => {
                write!(f, "memif socket{} {filename}", Number(*id))
            }
            Self::Memif {
                sw_if_index,
                socket_id,
                id,
                ..
            } => {
                let index = Number(sw_if_index.map(|it| it.0));
                write!(f, "memif{socket_id}/{id}, interface{index}")
            }
            Self::VhostUser {
                sw_if_index,
                filename,
                ..
            } => {
                let index = Number(sw_if_index.map(|it| it.0));
                write!(f, "vhost-user interface{index} on {filename}")
            }
            Self::AdminUp(sw_if_index) => write!(f, "interface {} is up", sw_if_index.0),
            Self::Bridge { id } => write!(f, "bridge domain{}", Number(*id)),
            Self::Member {
                sw_if_index,
                bridge,
            } => write!(f, "interface {} in bridge domain {bridge}", sw_if_index.0),
            Self::Address {
                sw_if_index,
                address,
            } => write!(f, "{address} on interface {}", sw_if_index.0),
        }
    }
}

/// A number behind a space, or nothing while VPP has not told it.
struct Number(Option<u32>);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |number| write!(f, " {number}"))
    }
}
