//! Interfaces: the list, up and down, tags, MTU, tables, unnumbered interfaces, loopbacks.

mod config;
mod layer3;
mod list;
mod loopback;

pub use config::{RxMode, clear_tag, set_admin_up, set_ip6_enabled, set_mtu, set_rx_mode, set_tag};
pub use layer3::{set_table, set_unnumbered, table, unnumbered};
pub use list::{Interface, dump, dump_named, find};
pub use loopback::{create_loopback, delete_loopback};

use vpp_bindings::{interface as messages, ip};

use super::infra::{AnyOf, key};

/// The messages for the list of interfaces, up and down, tags and the MTU.
pub const NEEDS: &[AnyOf] = &[
    &[key::<messages::SwInterfaceDump>()],
    &[key::<messages::SwInterfaceDetails>()],
    &[key::<messages::SwInterfaceSetFlags>()],
    &[key::<messages::SwInterfaceTagAddDel>()],
    &[key::<messages::SwInterfaceSetMtu>()],
];

/// The messages for [`set_rx_mode`].
pub const NEEDS_RX_MODE: &[AnyOf] = &[&[key::<messages::SwInterfaceSetRxMode>()]];

/// The messages for [`set_ip6_enabled`].
pub const NEEDS_IP6: &[AnyOf] = &[&[key::<ip::SwInterfaceIp6EnableDisable>()]];

/// The messages for [`set_table`] and [`table`].
pub const NEEDS_TABLE: &[AnyOf] = &[
    &[key::<messages::SwInterfaceSetTable>()],
    &[key::<messages::SwInterfaceGetTable>()],
];

/// The messages for [`set_unnumbered`] and [`unnumbered`].
pub const NEEDS_UNNUMBERED: &[AnyOf] = &[
    &[key::<messages::SwInterfaceSetUnnumbered>()],
    &[key::<ip::IpUnnumberedDump>()],
    &[key::<ip::IpUnnumberedDetails>()],
];

/// The messages for [`create_loopback`] and [`delete_loopback`].
pub const NEEDS_LOOPBACK: &[AnyOf] = &[
    &[key::<messages::CreateLoopback>()],
    &[key::<messages::DeleteLoopback>()],
];
